package dev.mehari.provider.bedrockagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Extras;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EventStreamReader;
import dev.mehari.provider.bedrock.BedrockError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one agent's answer: text in pieces, what it wants done, files, traces. There is no event that ends
 * it: the body's end does. One instance a stream.
 */
final class BedrockAgentStream implements EventDecoder, EventStreamReader.Messages {
    private final Ask ask;
    private final String who;
    private final BedrockAgentCalls calls;
    private final AgentTraces traces;
    private final EventStreamReader reader = new EventStreamReader(this);
    private final Utf8 utf8 = new Utf8();
    private final BedrockAgentUsage usage = new BedrockAgentUsage();
    private final BedrockAgentVerdicts verdicts = new BedrockAgentVerdicts();

    private @Nullable EventSink sink;
    private boolean started;
    private boolean answered;
    private int callCount;
    private boolean over;

    BedrockAgentStream(Ask ask, BedrockAgentCalls calls, AgentTraces traces) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
        this.calls = calls;
        this.traces = traces;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        if (over) {
            return;
        }
        this.sink = sink;
        try {
            reader.feed(bytes, offset, length);
        } catch (EventStreamReader.BadFrame damaged) {
            fail(new UpstreamProtocol(who + "sent " + damaged.getMessage()));
        }
    }

    @Override
    public void end(EventSink sink) {
        this.sink = sink;
        if (over) {
            return;
        }
        if (reader.isCut()) {
            fail(new UpstreamUnavailable(502, who + "ended its stream before the answer was complete", null));
            return;
        }
        text(utf8.end());
        if (!answered) {
            fail(new UpstreamProtocol(who + "ended its stream without an answer"));
            return;
        }
        over = true;
        verdicts.tell(this::emit);
        emit(new ChatEvent.Finish(0, finish()));
        Usage counted = usage.total();
        if (counted != null) {
            emit(new ChatEvent.UsageReport(counted));
        }
        emit(new ChatEvent.End());
    }

    private FinishReason finish() {
        return callCount > 0
                ? FinishReason.TOOL_CALLS
                : verdicts.intervened() ? FinishReason.CONTENT_FILTER : FinishReason.STOP;
    }

    @Override
    public void event(String type, byte[] payload, int offset, int length) {
        if (over) {
            return;
        }
        try {
            switch (type) {
                case "chunk" -> chunk(Json.MAPPER.readTree(payload, offset, length));
                case "trace" -> trace(payload, offset, length);
                case "returnControl" -> control(Json.MAPPER.readTree(payload, offset, length));
                case "files" -> files(Json.MAPPER.readTree(payload, offset, length));
                default -> {
                    // A kind of event that came after this was written.
                }
            }
        } catch (IOException notJson) {
            fail(new UpstreamProtocol(who + "sent an event that cannot be read"));
        }
    }

    private void chunk(JsonNode chunk) throws IOException {
        if (chunk.has("bytes")) {
            answered = true;
            text(utf8.next(chunk.path("bytes").binaryValue()));
        }
        for (JsonNode citation : chunk.at("/attribution/citations")) {
            cite(citation);
        }
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            emit(new ChatEvent.TextDelta(0, text));
        }
    }

    /** One annotation a reference: those with an address have OpenAI's shape. */
    private void cite(JsonNode citation) {
        JsonNode span = citation.at("/generatedResponsePart/textResponsePart/span");
        for (JsonNode reference : citation.path("retrievedReferences")) {
            String url = address(reference.path("location"));
            ObjectNode note = JsonNodeFactory.instance.objectNode();
            if (url == null) {
                note.put("type", "bedrock_citation").set("bedrock_citation", reference);
            } else {
                ObjectNode place = note.put("type", "url_citation").putObject("url_citation");
                place.put("url", url)
                        .put("title", url.substring(url.lastIndexOf('/') + 1))
                        .put("start_index", span.path("start").asInt())
                        .put("end_index", span.path("end").asInt());
                if (reference.at("/content/text").isTextual()) {
                    place.set("cited_text", reference.at("/content/text"));
                }
                if (!reference.path("metadata").isEmpty()) {
                    place.set("metadata", reference.path("metadata"));
                }
            }
            emit(new ChatEvent.Annotation(0, note));
        }
    }

    /** {@code webLocation.url}, {@code s3Location.uri} and their like. */
    private static @Nullable String address(JsonNode location) {
        for (JsonNode place : location) {
            JsonNode address = place.has("url") ? place.path("url") : place.path("uri");
            if (address.isTextual()) {
                return address.textValue();
            }
        }
        return null;
    }

    private void trace(byte[] payload, int offset, int length) throws IOException {
        usage.read(payload, offset, length);
        verdicts.read(payload, offset, length);
        if (traces.wanted()) {
            traces.trace(ask.provider().name(), new String(payload, offset, length, StandardCharsets.UTF_8));
        }
    }

    private void control(JsonNode control) {
        answered = true;
        text(utf8.end());
        callCount += BedrockAgentControl.emit(control, callCount, calls, this::emit);
    }

    private void files(JsonNode event) {
        for (JsonNode file : event.path("files")) {
            answered = true;
            String type = file.path("type").asText("application/octet-stream");
            MediaSource source = new MediaSource.Inline(type, file.path("bytes").asText());
            emit(new ChatEvent.WholePart(
                    0,
                    type.startsWith("image/")
                            ? new ContentPart.Image(source, null, null)
                            : new ContentPart.Document(source, file.path("name").textValue(), null, Extras.NONE)));
        }
    }

    @Override
    public void failure(String type, @Nullable String message, byte[] payload, int offset, int length) {
        if (!over) {
            fail(BedrockError.inStream(
                    ask.provider(), type, message, Arrays.copyOfRange(payload, offset, offset + length)));
        }
    }

    private void fail(GatewayException reason) {
        over = true;
        EventSink receiving = sink;
        if (receiving != null) {
            receiving.accept(new ChatEvent.Failure(reason));
        }
    }

    private void emit(ChatEvent event) {
        EventSink receiving = sink;
        if (receiving != null) {
            if (!started) {
                started = true;
                receiving.accept(new ChatEvent.Start(ask.answerId(), ask.alias(), System.currentTimeMillis() / 1000));
            }
            receiving.accept(event);
        }
    }
}
