package dev.mehari.provider.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.OwnFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From {@code GenerateContentResponse}s to events: a stream has many, each a piece of the answer; a whole answer is one.
 * Read token by token. Finish reasons and usage are kept for the end. One instance an answer; not thread-safe.
 */
final class GeminiEvents {
    private final Ask ask;
    private final String who;
    private final ThoughtSignatures signatures;
    private final GeminiUsage usage = new GeminiUsage();
    private final OwnFields own = new OwnFields("gemini");
    private final List<GeminiCandidate> candidates = new ArrayList<>(1);

    /** Of the response being read: it tells its id last, and when it is broken nothing of it counts. */
    private final List<ChatEvent> pending = new ArrayList<>(2);

    private @Nullable String id;
    private @Nullable String model;
    private @Nullable String blocked;
    private @Nullable String blockedMessage;
    private @Nullable GatewayException error;
    private boolean begun;
    private boolean over;

    GeminiEvents(Ask ask, ThoughtSignatures signatures) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
        this.signatures = signatures;
    }

    /** Reads one response, or a list of them. Broken ones become a failure. */
    void read(byte[] json, int offset, int length, EventSink sink) {
        if (over) {
            return;
        }
        pending.clear();
        try (JsonParser parser = Json.FACTORY.createParser(json, offset, length)) {
            readAll(parser, new Source(json, offset));
        } catch (IOException broken) {
            fail(new UpstreamProtocol(who + "sent something that is not a response of its protocol"), sink);
            return;
        }
        if (error != null) {
            fail(error, sink);
            return;
        }
        if (!pending.isEmpty()) {
            begin(sink);
            pending.forEach(sink::accept);
        }
    }

    private void readAll(JsonParser parser, Source source) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                readResponse(parser, source);
            }
        } else if (first == JsonToken.START_OBJECT) {
            readResponse(parser, source);
        } else {
            throw new IOException("no object");
        }
    }

    private void readResponse(JsonParser parser, Source source) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "candidates" -> readCandidates(parser, token, source);
                case "promptFeedback" -> readFeedback(Json.tree(parser));
                case "usageMetadata" -> {
                    if (token == JsonToken.START_OBJECT) {
                        usage.read(parser);
                    }
                }
                case "responseId" -> id = first(id, token, parser);
                case "modelVersion" -> model = first(model, token, parser);
                case "error" -> error = GeminiError.inside(ask.provider(), Json.tree(parser));
                default -> own.put(name, Json.tree(parser));
            }
        }
    }

    /** Every response of a stream says the same. */
    private static @Nullable String first(@Nullable String known, JsonToken token, JsonParser parser)
            throws IOException {
        if (known == null && token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return known;
    }

    /** What Google calls the answer; null: nothing yet. */
    @Nullable
    AnswerNames names() {
        return AnswerNames.of(id, model);
    }

    private void readCandidates(JsonParser parser, JsonToken token, Source source) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        // Their order is that of their indexes, which Google leaves out when they are 0.
        for (int i = 0; parser.nextToken() == JsonToken.START_OBJECT; i++) {
            if (i == candidates.size()) {
                candidates.add(new GeminiCandidate(i, signatures));
            }
            candidates.get(i).read(parser, source, pending);
        }
    }

    private void readFeedback(JsonNode feedback) {
        blocked = feedback.path("blockReason").asText(blocked);
        blockedMessage = feedback.path("blockReasonMessage").asText(blockedMessage);
        own.put("promptFeedback", feedback);
    }

    /** All responses have come. Emits what they end in, or a failure. */
    void end(EventSink sink) {
        if (over) {
            return;
        }
        over = true;
        GatewayException failure = failure();
        if (failure != null) {
            sink.accept(new ChatEvent.Failure(failure));
            return;
        }
        begin(sink);
        tellOwn(sink);
        if (candidates.isEmpty()) {
            if (blockedMessage != null) {
                sink.accept(new ChatEvent.RefusalDelta(0, blockedMessage));
            }
            sink.accept(GeminiFinish.blocked());
        }
        candidates.forEach(candidate -> candidate.end(sink));
        Usage counted = usage.usage();
        if (counted != null) {
            sink.accept(new ChatEvent.UsageReport(counted, usage.tier()));
        }
        sink.accept(new ChatEvent.End());
    }

    private void tellOwn(EventSink sink) {
        ArrayNode each = Json.MAPPER.createArrayNode();
        candidates.forEach(candidate -> candidate.addOwn(each));
        own.put("candidates", each);
        own.put("usageMetadata", usage.others());
        own.tell(sink);
    }

    /** Ends it with that. */
    void fail(GatewayException reason, EventSink sink) {
        if (!over) {
            over = true;
            sink.accept(new ChatEvent.Failure(reason));
        }
    }

    private @Nullable GatewayException failure() {
        if (candidates.isEmpty() && blocked == null) {
            return begun || ask.stream() ? incomplete() : new UpstreamProtocol(who + "answered without candidates");
        }
        for (GeminiCandidate candidate : candidates) {
            if (!candidate.hasEnded(!ask.stream())) {
                return incomplete();
            }
            String broken = candidate.brokenReason();
            if (broken != null) {
                return new UpstreamProtocol(who + "gave no answer: " + broken);
            }
        }
        return null;
    }

    private UpstreamUnavailable incomplete() {
        return new UpstreamUnavailable(502, who + "ended its stream before the answer was complete", null);
    }

    private void begin(EventSink sink) {
        if (!begun) {
            begun = true;
            String answer = id == null || id.isEmpty() ? ask.answerId() : "chatcmpl-" + id;
            sink.accept(new ChatEvent.Start(answer, ask.alias(), System.currentTimeMillis() / 1000));
        }
    }

    /** The bytes a parser reads, to take a value from as it stands. */
    record Source(byte[] json, int offset) {
        /** The value whose first token the parser stands on; it is read to its last. */
        String value(JsonParser parser) throws IOException {
            int start = offset + (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            return Json.compact(
                    json, start, offset + (int) parser.currentLocation().getByteOffset());
        }
    }
}
