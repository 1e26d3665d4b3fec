package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.Tool;
import dev.mehari.provider.Ask;
import dev.mehari.provider.OwnFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of content blocks, as they grow in a stream or stand in a whole answer. One block is open at a time. One
 * instance an answer; not thread-safe.
 */
final class AnthropicContent {
    private static final int CHOICE = 0;

    /** Reasons of which clients are told all there is to them. */
    private static final Set<String> SAID = Set.of("end_turn", "stop_sequence", "max_tokens", "tool_use", "refusal");

    /** What the open block is. */
    private enum Kind {
        NONE,
        TEXT,
        THINKING,
        CALL,
        FREE_TEXT_CALL,
        ANSWER,
        OTHER
    }

    private final Ask ask;
    private final AnthropicCalls calls;
    private final StringBuilder pieces = new StringBuilder();
    private final List<JsonNode> citations = new ArrayList<>(0);

    /** Calls that are not the model's own. */
    private final ArrayNode callers = Json.MAPPER.createArrayNode();

    private boolean started;
    private @Nullable String answerTool;

    /** Words beside the tool whose input is the answer: the answer itself, should that tool never be called. */
    private @Nullable StringBuilder held;

    private boolean answered;
    private Kind kind = Kind.NONE;
    private @Nullable AnthropicBlock block;
    private boolean filled;
    private int call = -1;
    private int textLength;
    private int blockStart;

    AnthropicContent(Ask ask, ClaudeModels models) {
        this.ask = ask;
        this.calls = new AnthropicCalls(ask, models);
    }

    /** The answer begins. @param id its name at Anthropic, may be empty */
    void start(String id, EventSink sink) {
        if (!started) {
            started = true;
            String told = id.isEmpty() ? ask.answerId() : "chatcmpl-" + id;
            sink.accept(new ChatEvent.Start(told, ask.alias(), System.currentTimeMillis() / 1000));
            answerTool = calls.answerTool();
            held = answerTool == null ? null : new StringBuilder();
        }
    }

    void begin(AnthropicBlock begun, EventSink sink) {
        end(sink);
        start("", sink);
        block = begun;
        filled = false;
        switch (begun.type()) {
            case "text" -> {
                kind = Kind.TEXT;
                blockStart = textLength;
                text(begun.text(), sink);
                citations.addAll(begun.citations());
            }
            case "thinking" -> {
                kind = Kind.THINKING;
                thinking(begun.text(), sink);
                pieces.append(begun.signature());
            }
            case "redacted_thinking" -> {
                kind = Kind.OTHER;
                sink.accept(new ChatEvent.RedactedReasoning(CHOICE, begun.text()));
            }
            case "tool_use" -> beginCall(begun, sink);
            default -> kind = Kind.OTHER;
        }
    }

    private void beginCall(AnthropicBlock begun, EventSink sink) {
        if (begun.name().equals(answerTool)) {
            kind = Kind.ANSWER;
            // What was said beside it would spoil the JSON.
            held = new StringBuilder();
            return;
        }
        release(sink);
        Tool tool = calls.find(begun.name());
        boolean custom = tool instanceof Tool.Custom;
        kind = custom ? Kind.FREE_TEXT_CALL : Kind.CALL;
        call++;
        JsonNode caller = begun.caller();
        if (caller != null && !caller.path("type").asText().equals("direct")) {
            callers.addObject().put("id", begun.id()).set("caller", caller);
        }
        String name = tool == null ? begun.name() : tool.name();
        sink.accept(new ChatEvent.ToolCallStart(CHOICE, call, begun.id(), name, custom, null));
    }

    void text(String text, EventSink sink) {
        if (text.isEmpty()) {
            return;
        }
        endCall(sink);
        textLength += text.length();
        StringBuilder holding = held;
        if (holding != null) {
            holding.append(text);
        } else {
            sink.accept(new ChatEvent.TextDelta(CHOICE, text));
        }
    }

    void thinking(String text, EventSink sink) {
        if (!text.isEmpty()) {
            endCall(sink);
            sink.accept(new ChatEvent.ReasoningDelta(CHOICE, text, null));
        }
    }

    /** Other content within a call: its end was lost on the way, and nothing can be added to it any more. */
    private void endCall(EventSink sink) {
        if (kind == Kind.CALL || kind == Kind.FREE_TEXT_CALL) {
            end(sink);
        }
    }

    void signature(String piece) {
        pieces.append(piece);
    }

    void citation(JsonNode citation) {
        citations.add(citation);
    }

    /** More of an input. @return false: nothing is open that has one */
    boolean input(String json, EventSink sink) {
        if (json.isEmpty()) {
            return true;
        }
        filled = true;
        switch (kind) {
            case CALL -> sink.accept(new ChatEvent.ToolCallDelta(CHOICE, call, json));
            case ANSWER -> answer(json, sink);
            case FREE_TEXT_CALL, OTHER -> pieces.append(json);
            case NONE, TEXT, THINKING -> {
                return false;
            }
        }
        return true;
    }

    private void answer(String json, EventSink sink) {
        // A second answer beside the first would make neither JSON.
        if (!answered) {
            sink.accept(new ChatEvent.TextDelta(CHOICE, json));
        }
    }

    /** The open block is complete. */
    void end(EventSink sink) {
        AnthropicBlock open = block;
        if (open == null) {
            return;
        }
        String told = open.input();
        if (!filled && told != null && open.hasInput()) {
            // Some hosts put a call's whole input where Anthropic has a placeholder.
            input(told, sink);
        }
        switch (kind) {
            case THINKING -> {
                if (!pieces.isEmpty()) {
                    sink.accept(new ChatEvent.ReasoningDelta(CHOICE, "", pieces.toString()));
                }
            }
            case FREE_TEXT_CALL -> sink.accept(new ChatEvent.ToolCallDelta(CHOICE, call, freeText(pieces.toString())));
            case ANSWER -> {
                if (!filled) {
                    answer("{}", sink);
                }
                answered = true;
            }
            case OTHER -> other(open, sink);
            case TEXT -> cite(sink);
            case CALL -> {
                if (!filled) {
                    // No input at all means none is needed; clients parse what they get as JSON.
                    input("{}", sink);
                }
            }
            case NONE -> {}
        }
        pieces.setLength(0);
        kind = Kind.NONE;
        block = null;
    }

    private void cite(EventSink sink) {
        for (JsonNode citation : citations) {
            sink.accept(
                    new ChatEvent.Annotation(CHOICE, AnthropicCitations.annotation(citation, blockStart, textLength)));
        }
        citations.clear();
    }

    private static String freeText(String input) {
        try {
            JsonNode text = Json.MAPPER.readTree(input).path(AnthropicToolWriter.FREE_TEXT);
            return text.isTextual() ? text.textValue() : input;
        } catch (JsonProcessingException cutShort) {
            // The model ran out of tokens in the middle of it: what there is of it is kept.
            return input;
        }
    }

    /** A block that only Anthropic knows. The input of a call that it makes itself comes in pieces, too. */
    private void other(AnthropicBlock open, EventSink sink) {
        ObjectNode whole = open.whole();
        if (whole == null) {
            return;
        }
        if (!pieces.isEmpty()) {
            try {
                whole.set("input", Json.MAPPER.readTree(pieces.toString()));
            } catch (JsonProcessingException cutShort) {
                whole.put("input", pieces.toString());
            }
        }
        sink.accept(new ChatEvent.WholePart(CHOICE, new ContentPart.Opaque("anthropic", whole)));
    }

    private void release(EventSink sink) {
        StringBuilder holding = held;
        if (holding != null && !answered) {
            held = null;
            if (!holding.isEmpty()) {
                sink.accept(new ChatEvent.TextDelta(CHOICE, holding.toString()));
            }
        }
    }

    /** Tells what no client's API has a field for, once all of it is known. */
    void own(
            OwnFields own,
            @Nullable String reason,
            @Nullable String stopSequence,
            AnthropicUsage usage,
            EventSink sink) {
        end(sink);
        start("", sink);
        if (reason != null && !SAID.contains(reason)) {
            own.put("stop_reason", reason);
        }
        own.put("stop_sequence", stopSequence);
        own.put("tool_use", callers);
        own.put("usage", usage.others());
        own.tell(sink);
    }

    /**
     * The answer is complete.
     *
     * @param reason Anthropic's {@code stop_reason}
     * @param explanation of a refusal
     */
    void finish(@Nullable String reason, @Nullable String stopSequence, @Nullable String explanation, EventSink sink) {
        end(sink);
        start("", sink);
        release(sink);
        if ("refusal".equals(reason) && explanation != null) {
            sink.accept(new ChatEvent.RefusalDelta(CHOICE, explanation));
        }
        sink.accept(new ChatEvent.Finish(CHOICE, finishReason(reason), stopSequence));
    }

    /** Anthropic API reference, stop reasons, read 2026-11-21. {@code pause_turn}: the client may send it back as it is. */
    private FinishReason finishReason(@Nullable String reason) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            case null, default -> FinishReason.STOP.withToolCalls(call >= 0);
        };
    }
}
