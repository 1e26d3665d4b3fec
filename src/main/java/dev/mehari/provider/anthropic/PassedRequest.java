package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSearch;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.RequestField;
import dev.mehari.provider.Ask;
import dev.mehari.provider.NeverSent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The request of a client that speaks Anthropic's own API: its bytes, but for the model's name, what is never sent, and
 * thoughts of other makers' models, which Anthropic would refuse for their signatures. Stateless and thread-safe.
 */
final class PassedRequest {
    private static final byte[] SIGNATURE = "\"signature\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HIDDEN = "\"redacted_thinking\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "\"data\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

    private PassedRequest() {}

    /** @param dropped gets what Anthropic would refuse */
    static byte[] encode(Ask ask, List<String> dropped) {
        JsonObject raw = ask.request().raw();
        ByteSink out = new ByteSink(raw.bytes().length + 64);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        copy.put("model", Json.quote(ask.model()));
        for (Field field : raw.fields()) {
            switch (field.name()) {
                case "model" -> {}
                case "provider" -> {
                    // A string chose our provider.
                    if (field.kind() != JsonToken.VALUE_STRING) {
                        copy.keep(raw, field);
                    }
                }
                case "stream" -> copy.put("stream", ask.stream() ? TRUE : value(raw, field));
                case "messages" -> messages(raw, field, copy, dropped);
                default -> {
                    if (!NeverSent.isOne(field.name())) {
                        copy.keep(raw, field);
                    }
                }
            }
        }
        if (ask.stream() && !raw.has("stream")) {
            copy.put("stream", TRUE);
        }
        copy.end();
        return out.take();
    }

    private static byte[] value(JsonObject raw, Field field) {
        return Arrays.copyOfRange(raw.bytes(), field.valueStart(), field.end());
    }

    private static void messages(JsonObject raw, Field field, JsonObject.Copy copy, List<String> dropped) {
        boolean foreign = holdsForeign(raw.bytes(), SIGNATURE, field)
                || (ByteSearch.indexOf(raw.bytes(), HIDDEN, field.valueStart(), field.end()) >= 0
                        && holdsForeign(raw.bytes(), DATA, field));
        JsonNode messages = foreign ? raw.tree(field) : null;
        if (messages != null && withoutForeign(messages)) {
            dropped.add(RequestField.REASONING_HISTORY.title());
            copy.put("messages", Json.bytes(messages));
        } else {
            copy.keep(raw, field);
        }
    }

    /** Whether a field of that name may have a value of another maker's: those have a colon, which base64 has not. */
    private static boolean holdsForeign(byte[] bytes, byte[] name, Field within) {
        int at = ByteSearch.indexOf(bytes, name, within.valueStart(), within.end());
        while (at >= 0) {
            int i = at + name.length;
            while (i < within.end() && (bytes[i] <= ' ' || bytes[i] == ':')) {
                i++;
            }
            if (i < within.end() && bytes[i] == '"') {
                for (i++; i < within.end() && bytes[i] != '"'; i++) {
                    if (bytes[i] == ':') {
                        return true;
                    }
                }
            }
            at = ByteSearch.indexOf(bytes, name, i, within.end());
        }
        return false;
    }

    /** Takes such blocks out, and messages of which nothing is left. @return whether there was any */
    private static boolean withoutForeign(JsonNode messages) {
        boolean any = false;
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.path(i).path("content") instanceof ArrayNode blocks) {
                int before = blocks.size();
                removeForeign(blocks);
                any |= blocks.size() < before;
                if (blocks.isEmpty() && before > 0) {
                    ((ArrayNode) messages).remove(i);
                }
            }
        }
        return any;
    }

    private static void removeForeign(ArrayNode blocks) {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            JsonNode block = blocks.path(i);
            String proof =
                    switch (block.path("type").asText()) {
                        case "thinking" -> block.path("signature").asText();
                        case "redacted_thinking" -> block.path("data").asText();
                        default -> "";
                    };
            if (block instanceof ObjectNode && proof.indexOf(':') >= 0) {
                blocks.remove(i);
            }
        }
    }
}
