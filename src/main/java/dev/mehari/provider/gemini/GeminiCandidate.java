package dev.mehari.provider.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One candidate as it grows from response to response: a choice of the answer. Not thread-safe. */
final class GeminiCandidate {
    private final int choice;
    private final ThoughtSignatures signatures;
    private final GeminiPart part = new GeminiPart();
    private final StringBuilder said = new StringBuilder();
    private int calls;
    private boolean answered;
    private @Nullable String finish;
    private @Nullable String finishMessage;
    private @Nullable JsonNode grounding;
    private @Nullable JsonNode quotes;

    /** What has no other place, {@code safetyRatings} first of all; each is told whole, and the last counts. */
    private final ObjectNode others = Json.MAPPER.createObjectNode();

    GeminiCandidate(int choice, ThoughtSignatures signatures) {
        this.choice = choice;
        this.signatures = signatures;
    }

    /**
     * @param parser on the object's first token; it is read to its last
     * @param events gets what the candidate's parts say
     */
    void read(JsonParser parser, GeminiEvents.Source source, List<ChatEvent> events) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "content" -> {
                    if (token == JsonToken.START_OBJECT) {
                        readContent(parser, source, events);
                    }
                }
                case "finishReason" -> finish = token == JsonToken.VALUE_STRING ? parser.getText() : finish;
                case "finishMessage" ->
                    finishMessage = token == JsonToken.VALUE_STRING ? parser.getText() : finishMessage;
                // Told again and again, longer each time.
                case "groundingMetadata" -> grounding = Json.tree(parser);
                case "citationMetadata" -> quotes = Json.tree(parser);
                case "logprobsResult" ->
                    events.add(new ChatEvent.Logprobs(choice, GeminiLogprobs.read(Json.tree(parser))));
                case "index" -> parser.skipChildren();
                default -> others.set(name, Json.tree(parser));
            }
        }
    }

    private void readContent(JsonParser parser, GeminiEvents.Source source, List<ChatEvent> events) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean parts = parser.currentName().equals("parts");
            if (parser.nextToken() == JsonToken.START_ARRAY && parts) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    part.read(parser, source);
                    say(events);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void say(List<ChatEvent> events) {
        String signature = part.signature();
        String text = part.text();
        if (part.call() != null) {
            call(part.call(), signature, events);
        } else if (part.media() != null) {
            answered = true;
            events.add(new ChatEvent.WholePart(choice, part.media()));
        } else if (part.isThought()) {
            events.add(new ChatEvent.ReasoningDelta(
                    choice, text, signature == null ? null : ThoughtSignatures.mark(signature)));
        } else {
            if (!text.isEmpty()) {
                answered = true;
                said.append(text);
                events.add(new ChatEvent.TextDelta(choice, text));
            }
            if (signature != null) {
                // Of the text before it; an empty block of reasoning is where clients keep it.
                events.add(new ChatEvent.ReasoningDelta(choice, "", ThoughtSignatures.mark(signature)));
            }
        }
    }

    private void call(GeminiPart.Call call, @Nullable String signature, List<ChatEvent> events) {
        answered = true;
        // Made of the name alone, two calls of one function would have the same.
        String id = call.id() == null || call.id().isEmpty() ? Ids.random("call_", 24) : call.id();
        if (signature != null) {
            signatures.keep(id, signature);
        }
        events.add(new ChatEvent.ToolCallStart(choice, calls, id, FunctionName.client(call.name()), false, signature));
        if (call.arguments() != null) {
            events.add(new ChatEvent.ToolCallDelta(choice, calls, call.arguments()));
        }
        calls++;
    }

    /** @param whole whether nothing more can come: then an answer without a reason counts as ended */
    boolean hasEnded(boolean whole) {
        return finish != null || (whole && answered);
    }

    /** Why it is no answer, though it ended: a fault of the model's that left it empty; else null. */
    @Nullable
    String brokenReason() {
        String reason = finish;
        return reason == null || answered || !GeminiFinish.isFault(reason)
                ? null
                : reason + (finishMessage == null ? "" : ": " + finishMessage);
    }

    /** Adds what no client's API has a field for, if there is any. */
    void addOwn(ArrayNode each) {
        if (finish != null && GeminiFinish.isLossy(finish)) {
            others.put("finishReason", finish);
        }
        if (finishMessage != null) {
            others.put("finishMessage", finishMessage);
        }
        if (grounding != null) {
            others.set("groundingMetadata", GeminiCitations.beyond(grounding));
        }
        if (quotes != null) {
            others.set("citationMetadata", quotes);
        }
        if (!others.isEmpty()) {
            ObjectNode told = Json.MAPPER.createObjectNode().put("index", choice);
            each.add(told.setAll(others));
        }
    }

    /** What its answer rests on, and why it ended. */
    void end(EventSink sink) {
        String text = said.toString();
        if (grounding != null) {
            GeminiCitations.ofGrounding(grounding, text).forEach(note -> annotate(note, sink));
        }
        if (quotes != null) {
            GeminiCitations.ofQuotes(quotes, text).forEach(note -> annotate(note, sink));
        }
        ChatEvent.Finish finish = finish();
        if (finish.reason() == FinishReason.CONTENT_FILTER && finishMessage != null) {
            sink.accept(new ChatEvent.RefusalDelta(choice, finishMessage));
        }
        sink.accept(finish);
    }

    private void annotate(JsonNode note, EventSink sink) {
        sink.accept(new ChatEvent.Annotation(choice, note));
    }

    private ChatEvent.Finish finish() {
        return new ChatEvent.Finish(
                choice, GeminiFinish.reason(finish == null ? "STOP" : finish).withToolCalls(calls > 0));
    }
}
