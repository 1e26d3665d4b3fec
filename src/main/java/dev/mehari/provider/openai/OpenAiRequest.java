package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.config.Quirks;
import dev.mehari.config.Quirks.StreamUsage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.NeverSent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the upstream's request out of the client's: field by field, as the bytes they came in, but for those that must
 * change. One instance a request.
 */
final class OpenAiRequest {
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WITH_USAGE = "{\"include_usage\":true}".getBytes(StandardCharsets.US_ASCII);

    private final Ask ask;
    private final OpenAiPlace place;
    private final JsonObject raw;
    private final Quirks quirks;
    private final List<String> dropped;
    private final JsonObject.Copy copy;
    private final ByteSink out;
    private final OpenAiTuning tuning;

    /** @param dropped gets the names of fields that the provider does not take */
    OpenAiRequest(Ask ask, OpenAiPlace place, List<String> dropped) {
        this.ask = ask;
        this.place = place;
        this.raw = ask.request().raw();
        this.quirks = ask.provider().quirks();
        this.dropped = dropped;
        this.out = new ByteSink(raw.bytes().length + 128);
        this.copy = new JsonObject.Copy(out);
        this.tuning = new OpenAiTuning(ask, place.family(), copy, dropped);
    }

    /** @throws InvalidRequest a field changes the answer and the provider cannot honour it */
    byte[] encode() {
        copy.put("model", Json.quote(place.model()));
        for (Field field : raw.fields()) {
            if (!NeverSent.isOne(field.name())) {
                write(field);
            }
        }
        if (ask.stream()) {
            if (!raw.has("stream")) {
                copy.put("stream", TRUE);
            }
            if (!raw.has("stream_options") && mayAskForUsage()) {
                copy.put("stream_options", WITH_USAGE);
            }
        }
        copy.end();
        return out.take();
    }

    private void write(Field field) {
        switch (field.name()) {
            case "model" -> {}
            case "stream" -> writeStream(field);
            case "stream_options" -> writeStreamOptions(field);
            case "provider" -> {
                // A string chose our provider; an object is OpenRouter's own.
                if (field.kind() == JsonToken.START_OBJECT) {
                    writeByName(field);
                }
            }
            case "metadata" -> {
                if (isMapOfStrings(field)) {
                    writeByName(field);
                }
            }
            case "messages", "tools" -> writeDeep(field);
            default -> {
                if (!tuning.write(field)) {
                    writeByName(field);
                }
            }
        }
    }

    private void writeStream(Field field) {
        if (ask.stream()) {
            if (field.kind() != JsonToken.VALUE_NULL) {
                copy.put("stream", TRUE);
            }
        } else if (field.kind() != JsonToken.VALUE_NULL) {
            copy.keep(raw, field);
        }
    }

    private void writeStreamOptions(Field field) {
        if (!mayAskForUsage()) {
            return;
        }
        if (!ask.stream() || ask.request().includeUsage()) {
            copy.keep(raw, field);
        } else if (field.kind() == JsonToken.START_OBJECT) {
            ObjectNode options = (ObjectNode) raw.tree(field);
            copy.put("stream_options", Json.bytes(options.put("include_usage", true)));
        }
    }

    private boolean mayAskForUsage() {
        return quirks.streamUsage() == StreamUsage.ASK && place.streamOptions();
    }

    private void writeDeep(Field field) {
        if (quirks.keepsMessages() || field.kind() != JsonToken.START_ARRAY) {
            writeByName(field);
        } else if (field.name().equals("tools")) {
            copy.put("tools", Json.bytes(OpenAiMessages.tools(raw.tree(field), quirks, dropped)));
        } else {
            copy.put(
                    "messages",
                    Json.bytes(OpenAiMessages.messages(raw.tree(field), quirks, tuning.schemaToPrompt(), dropped)));
        }
    }

    private void writeByName(Field field) {
        String name = field.name();
        if (quirks.rejectParams().contains(name)) {
            if (!asksNothing(field)) {
                throw OpenAiTuning.unsupported(
                        name,
                        name + " is not supported by provider \""
                                + ask.provider().name() + "\"");
            }
        } else if (quirks.renameParams().containsKey(name)) {
            rename(field, quirks.renameParams().getOrDefault(name, name));
        } else if (isUnknown(name) || quirks.dropParams().contains(name)) {
            if (!asksNothing(field)) {
                dropped.add(name);
            }
        } else {
            copy.keep(raw, field);
        }
    }

    private boolean isUnknown(String name) {
        return !quirks.knownParams().isEmpty() && !quirks.knownParams().contains(name);
    }

    /** Given under the provider's own name too, that one stands. */
    private void rename(Field field, String name) {
        if (raw.has(name)) {
            return;
        }
        if (name.equals("user_id") && field.kind() == JsonToken.VALUE_STRING) {
            // DeepSeek: [A-Za-z0-9_-]{1,512}; an address of mail is answered with 422.
            String id = raw.text(field).replaceAll("[^A-Za-z0-9_-]", "_");
            copy.put(name, Json.quote(id.substring(0, Math.min(512, id.length()))));
        } else {
            copy.rename(raw, field, name);
        }
    }

    /** Whether leaving the field out changes nothing: clients write defaults out. */
    private boolean asksNothing(Field field) {
        return switch (field.kind()) {
            case VALUE_NULL -> true;
            // Calls at once are the rule, so that only their refusal asks for something.
            case VALUE_FALSE -> !field.name().equals("parallel_tool_calls");
            case VALUE_TRUE -> field.name().equals("parallel_tool_calls");
            case START_OBJECT -> raw.tree(field).isEmpty();
            case START_ARRAY -> {
                JsonNode list = raw.tree(field);
                yield list.isEmpty()
                        || (list.size() == 1 && list.path(0).asText().equals("text"));
            }
            default -> false;
        };
    }

    /** OpenAI's metadata maps strings to strings; a voice platform's is any object, and would be answered with 400. */
    private boolean isMapOfStrings(Field field) {
        if (field.kind() != JsonToken.START_OBJECT) {
            return false;
        }
        try (JsonParser value = raw.parser(field)) {
            value.nextToken();
            while (value.nextToken() == JsonToken.FIELD_NAME) {
                if (value.nextToken() != JsonToken.VALUE_STRING) {
                    return false;
                }
            }
            return true;
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }
}
