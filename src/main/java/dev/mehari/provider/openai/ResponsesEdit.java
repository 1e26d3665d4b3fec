package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.provider.Ask;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must be changed in a Response object: the model when the client knows it by another name, the id where a host's are
 * not unique, and what the gateway did in the host's place, to keep responses and to go on from them. Most answers need
 * nothing. Immutable.
 */
final class ResponsesEdit {
    /** By the fields they replace, as JSON. */
    private final Map<String, byte[]> values = new LinkedHashMap<>(4);

    ResponsesEdit(Ask ask) {
        JsonObject raw = ask.request().raw();
        if (!ask.alias().equals(ask.model())) {
            values.put("model", Json.quote(ask.alias()));
        }
        if (ask.provider().quirks().ownIds()) {
            values.put("id", Json.quote(ask.answerId()));
        }
        Field previous = raw.field("previous_response_id");
        if (previous != null && ResponsesRequest.resent(ask) != null) {
            values.put("previous_response_id", value(raw, previous));
        }
        if (!ask.provider().settings().responses().state()) {
            Field store = raw.field("store");
            values.put("store", store == null ? "true".getBytes(StandardCharsets.US_ASCII) : value(raw, store));
        }
    }

    /** Of a response that was asked for before: only its model may go by another name. */
    ResponsesEdit(String alias) {
        values.put("model", Json.quote(alias));
    }

    private static byte[] value(JsonObject raw, Field field) {
        return Arrays.copyOfRange(raw.bytes(), field.valueStart(), field.end());
    }

    /** A Response object, read once before; the same array when nothing is to be changed. */
    byte[] whole(byte[] json) {
        return values.isEmpty() ? json : replaced(json, null);
    }

    /** The same of an event that holds one. */
    byte[] event(byte[] json) {
        return values.isEmpty() ? json : replaced(json, "response");
    }

    private byte[] replaced(byte[] json, @Nullable String within) {
        JsonObject object = JsonObject.of(json);
        ByteSink out = new ByteSink(json.length + 128);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        for (Field field : object.fields()) {
            byte[] ours = within == null ? values.get(field.name()) : null;
            if (ours != null) {
                copy.put(field.name(), ours);
            } else if (field.name().equals(within) && field.kind() == JsonToken.START_OBJECT) {
                copy.put(field.name(), replaced(value(object, field), null));
            } else {
                copy.keep(object, field);
            }
        }
        copy.end();
        return out.take();
    }
}
