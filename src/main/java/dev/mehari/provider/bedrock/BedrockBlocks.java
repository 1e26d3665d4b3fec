package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Tool;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.OwnFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of what an answer's blocks say, the same for a stream and for a whole answer. Calls go out one after the
 * other, numbered among themselves; what our own tool is given is the answer's text. One instance an answer.
 */
final class BedrockBlocks {
    /** Reasons of which clients are told all there is to them. */
    private static final Set<String> SAID = Set.of("end_turn", "stop_sequence", "max_tokens", "tool_use");

    private final Ask ask;
    private final BedrockModel model;
    private final List<Tool> tools;
    private final @Nullable String answerTool;
    private final List<Call> calls = new ArrayList<>(0);
    private final List<ChatEvent> held = new ArrayList<>(0);
    private final OwnFields own = new OwnFields("bedrock");

    private EventSink sink = event -> {};
    private int emitted;
    private int ordinals;
    private int textLength;
    private int blockBegan;
    private boolean started;
    private boolean usable;
    private @Nullable String stopReason;
    private @Nullable String stopSequence;

    /** One call: the one that is open emits its arguments as they come, those behind it wait. */
    private static final class Call {
        private final int block;
        private final String id;
        private final String name;
        private final StringBuilder waiting = new StringBuilder(0);
        private boolean complete;
        private boolean hasInput;
        private int ordinal = -1;

        Call(int block, String id, String name) {
            this.block = block;
            this.id = id;
            this.name = name;
        }
    }

    BedrockBlocks(Ask ask, BedrockModel model, BedrockTools tools) {
        this.ask = ask;
        this.model = model;
        this.tools = tools.offered();
        this.answerTool = tools.answerTool();
    }

    void into(EventSink sink) {
        this.sink = sink;
    }

    private void emit(ChatEvent event) {
        if (!started) {
            started = true;
            sink.accept(new ChatEvent.Start(ask.answerId(), ask.alias(), System.currentTimeMillis() / 1000));
        }
        sink.accept(event);
    }

    /** What is no call waits while one is open: nobody could add to that behind it. */
    private void beside(ChatEvent event) {
        if (emitted < calls.size() && calls.get(emitted).ordinal >= 0) {
            held.add(event);
        } else {
            emit(event);
        }
    }

    void start() {
        if (!started) {
            emit(new ChatEvent.TextDelta(0, ""));
        }
    }

    void text(String text) {
        usable |= !text.isEmpty();
        textLength += text.length();
        beside(new ChatEvent.TextDelta(0, text));
    }

    void reasoning(String text) {
        beside(new ChatEvent.ReasoningDelta(0, text, null));
    }

    /** The proof over the reasoning before it. Only Claude's means something elsewhere too. */
    void signature(String signature) {
        beside(new ChatEvent.ReasoningDelta(0, "", model.isClaude() ? signature : BedrockParts.OURS + signature));
    }

    void redacted(String data) {
        beside(new ChatEvent.RedactedReasoning(0, model.isClaude() ? data : BedrockParts.OURS + data));
    }

    void image(String format, String base64) {
        usable = true;
        MediaSource source = new MediaSource.Inline("image/" + format, base64);
        beside(new ChatEvent.WholePart(0, new ContentPart.Image(source, null, null)));
    }

    /** A block that no other protocol knows. */
    void opaque(JsonNode block) {
        beside(new ChatEvent.WholePart(0, new ContentPart.Opaque("bedrock", block)));
    }

    /**
     * A source of the text before it. One on the web has OpenAI's shape; others keep Bedrock's.
     *
     * @param length how much of the text it stands for, from its end
     */
    void citation(JsonNode citation, int length) {
        citation(citation, textLength - length, textLength);
    }

    /** The same, of all text of its block so far. */
    void citation(JsonNode citation) {
        citation(citation, blockBegan, textLength);
    }

    private void citation(JsonNode citation, int start, int end) {
        JsonNode web = citation.at("/location/web");
        ObjectNode note = JsonNodeFactory.instance.objectNode();
        if (web.path("url").isTextual()) {
            ObjectNode place = note.put("type", "url_citation").putObject("url_citation");
            place.put("url", web.path("url").textValue())
                    .put(
                            "title",
                            citation.path("title").asText(web.path("domain").asText("")))
                    .put("start_index", start)
                    .put("end_index", end);
            for (String beside : List.of("domain", "source")) {
                JsonNode told = web.has(beside) ? web.path(beside) : citation.path(beside);
                if (told.isTextual()) {
                    place.set(beside, told);
                }
            }
            StringBuilder source = new StringBuilder();
            citation.path("sourceContent")
                    .forEach(piece -> source.append(piece.path("text").asText()));
            if (!source.isEmpty()) {
                place.put("cited_text", source.toString());
            }
        } else {
            note.put("type", "bedrock_citation").set("bedrock_citation", citation);
        }
        beside(new ChatEvent.Annotation(0, note));
    }

    void callStart(int block, String id, String name) {
        usable = true;
        calls.add(new Call(block, id, name));
        advance();
    }

    void callInput(int block, String piece) {
        for (int i = calls.size() - 1; i >= emitted; i--) {
            Call call = calls.get(i);
            if (call.block == block) {
                if (i == emitted) {
                    input(call, piece);
                } else {
                    call.waiting.append(piece);
                }
                return;
            }
        }
    }

    void blockEnd(int block) {
        blockBegan = textLength;
        for (int i = emitted; i < calls.size(); i++) {
            if (calls.get(i).block == block) {
                calls.get(i).complete = true;
            }
        }
        advance();
    }

    /** Opens the first call that is not through, and closes those that are. */
    private void advance() {
        while (emitted < calls.size()) {
            Call call = calls.get(emitted);
            open(call);
            if (!call.complete) {
                return;
            }
            if (call.name.equals(answerTool) && !call.hasInput) {
                text("{}");
            }
            emitted++;
            held.forEach(this::emit);
            held.clear();
        }
    }

    private void open(Call call) {
        if (call.ordinal < 0 && !call.name.equals(answerTool)) {
            call.ordinal = ordinals++;
            emit(new ChatEvent.ToolCallStart(0, call.ordinal, call.id, BedrockNames.original(call.name, tools)));
        }
        if (!call.waiting.isEmpty()) {
            String piece = call.waiting.toString();
            call.waiting.setLength(0);
            input(call, piece);
        }
    }

    private void input(Call call, String piece) {
        if (piece.isEmpty()) {
            return;
        }
        call.hasInput = true;
        if (call.name.equals(answerTool)) {
            text(piece);
        } else {
            emit(new ChatEvent.ToolCallDelta(0, call.ordinal, piece));
        }
    }

    void stop(String reason, @Nullable String sequence) {
        stopReason = reason;
        stopSequence = sequence;
        if (!SAID.contains(reason)) {
            own.put("stopReason", reason);
        }
    }

    /** What the answer tells that no client's API has a field for: {@code metrics}, {@code trace}, … */
    void own(JsonNode fields) {
        own.putAll(fields);
    }

    boolean hasStopped() {
        return stopReason != null;
    }

    /** Why nothing came of the answer; null when something did. */
    @Nullable
    String failure() {
        return !usable && stopReason != null && stopReason.startsWith("malformed_")
                ? "gave no answer: its model ended with " + stopReason
                : null;
    }

    /** Finish, counts, end: once everything is known. */
    void end(@Nullable Usage usage, @Nullable String serviceTier) {
        calls.forEach(call -> call.complete = true);
        advance();
        start();
        own.tell(sink);
        emit(new ChatEvent.Finish(0, finish(stopReason), stopSequence));
        if (usage != null) {
            emit(new ChatEvent.UsageReport(usage, serviceTier));
        }
        emit(new ChatEvent.End());
    }

    private static FinishReason finish(@Nullable String reason) {
        return switch (reason) {
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "guardrail_intervened", "content_filtered", "refusal" -> FinishReason.CONTENT_FILTER;
            case null, default -> FinishReason.STOP;
        };
    }
}
