package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes chunks, or one whole answer, apart into events: token by token, as this runs for every word. One instance an
 * answer.
 */
final class OpenAiParts {
    private final Ask ask;
    private final Map<Integer, OpenAiCalls> calls = new HashMap<>(2);
    private final OpenAiDelta delta = new OpenAiDelta();
    private boolean started;
    private @Nullable String serviceTier;
    private final OpenAiOthers others = new OpenAiOthers();

    /** They wait for what else is told, which stands before them. */
    private final List<ChatEvent.Finish> finishes = new ArrayList<>(1);

    OpenAiParts(Ask ask) {
        this.ask = ask;
    }

    /** The counts, and the tier that was told along the way. */
    ChatEvent.UsageReport report(Usage usage) {
        return new ChatEvent.UsageReport(usage, serviceTier);
    }

    /**
     * All of the answer has been read.
     *
     * @param usage the object that its counts stood in, if it has not been read with the rest
     */
    void end(byte @Nullable [] usage, EventSink sink) {
        if (usage != null) {
            others.usage(Json.tree(usage));
        }
        others.tell(sink);
        finishes.forEach(sink::accept);
    }

    /** @param json one chunk or answer in OpenAI's shape, read once before */
    void read(byte[] json, EventSink sink) {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            if (!started) {
                started = true;
                start(json, sink);
            }
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals("choices") && token == JsonToken.START_ARRAY) {
                    int position = 0;
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        choice(parser, position++, sink);
                    }
                } else if (name.equals("service_tier") && token == JsonToken.VALUE_STRING) {
                    serviceTier = parser.getText();
                } else {
                    others.field(name, parser);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    private void start(byte[] json, EventSink sink) throws IOException {
        String id = ask.answerId();
        long created = 0;
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals("id") && token == JsonToken.VALUE_STRING) {
                    id = parser.getText();
                } else if (name.equals("created") && token == JsonToken.VALUE_NUMBER_INT) {
                    created = Math.max(0, Json.count(parser));
                } else {
                    parser.skipChildren();
                }
            }
        }
        sink.accept(new ChatEvent.Start(id, ask.alias(), created));
    }

    private void choice(JsonParser parser, int position, EventSink sink) throws IOException {
        int index = position;
        FinishReason finish = null;
        String stopSequence = null;
        JsonNode logprobs = null;
        ObjectNode beside = null;
        delta.clear();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "index" -> index = token == JsonToken.VALUE_NUMBER_INT ? OpenAiChoices.index(parser) : index;
                case "delta", "message" -> delta.read(parser);
                case "finish_reason" ->
                    finish = token == JsonToken.VALUE_STRING ? OpenAiRepair.finish(parser.getText()) : null;
                // vLLM's: the text that ended the answer, or the number of a token.
                case "stop_reason" -> {
                    if (token == JsonToken.VALUE_STRING) {
                        stopSequence = parser.getText();
                    }
                    beside = Json.with(beside, name, Json.tree(parser));
                }
                case "logprobs" -> {
                    if (token == JsonToken.START_OBJECT) {
                        logprobs = Json.tree(parser);
                    }
                }
                default -> beside = Json.with(beside, name, Json.tree(parser));
            }
        }
        int choice = index;
        others.choice(choice, beside);
        others.choice(choice, delta.others());
        OpenAiCalls open = calls.computeIfAbsent(choice, fresh -> new OpenAiCalls(choice, ask));
        delta.emit(choice, open, sink);
        if (logprobs != null) {
            sink.accept(new ChatEvent.Logprobs(choice, logprobs));
        }
        if (finish != null) {
            open.finish(sink);
            finishes.add(new ChatEvent.Finish(choice, finish, stopSequence));
        }
    }
}
