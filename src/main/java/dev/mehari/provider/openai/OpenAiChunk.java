package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.Usage;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One chunk of a stream, scanned but not taken apart. Immutable once read. */
final class OpenAiChunk {
    private final OpenAiChoices choices = new OpenAiChoices();
    private JsonObject object;
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable Usage usage;
    private byte @Nullable [] usageJson;
    private boolean error;
    private final byte[] bytes;

    @SuppressWarnings("NullAway.Init") // object is set by read, the only way here
    private OpenAiChunk(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Null when the bytes are no JSON object. */
    static @Nullable OpenAiChunk read(byte[] json) {
        OpenAiChunk chunk = new OpenAiChunk(json);
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            chunk.object = JsonObject.read(json, parser, chunk::field);
            return chunk;
        } catch (IOException broken) {
            return null;
        }
    }

    private void field(String name, JsonParser value) throws IOException {
        JsonToken token = value.currentToken();
        switch (name) {
            case "id" -> id = text(token, value);
            case "model" -> model = text(token, value);
            case "error" -> error |= isTruthy(token);
            case "choices" -> {
                if (token == JsonToken.START_ARRAY) {
                    choices.read(value);
                }
            }
            case "usage" -> {
                if (token == JsonToken.START_OBJECT) {
                    readUsage(value);
                }
            }
            case "x_groq" -> {
                if (token == JsonToken.START_OBJECT) {
                    readGroq(value);
                }
            }
            default -> {}
        }
    }

    private static @Nullable String text(JsonToken token, JsonParser value) throws IOException {
        return token == JsonToken.VALUE_STRING ? value.getText() : null;
    }

    private static boolean isTruthy(JsonToken token) {
        return token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_FALSE;
    }

    private void readUsage(JsonParser value) throws IOException {
        int start = (int) value.currentTokenLocation().getByteOffset();
        usage = OpenAiUsage.read(value);
        usageJson =
                Arrays.copyOfRange(bytes, start, (int) value.currentLocation().getByteOffset());
    }

    /** Groq tells usage and failures of a stream in a field of its own. */
    private void readGroq(JsonParser value) throws IOException {
        while (value.nextToken() == JsonToken.FIELD_NAME) {
            String name = value.currentName();
            JsonToken token = value.nextToken();
            if (name.equals("usage") && token == JsonToken.START_OBJECT && usage == null) {
                readUsage(value);
            } else if (name.equals("error")) {
                error |= isTruthy(token);
            }
            value.skipChildren();
        }
    }

    JsonObject object() {
        return object;
    }

    OpenAiChoices choices() {
        return choices;
    }

    @Nullable
    String id() {
        return id;
    }

    @Nullable
    String model() {
        return model;
    }

    @Nullable
    Usage usage() {
        return usage;
    }

    /** The usage object as it stands. */
    byte @Nullable [] usageJson() {
        return usageJson;
    }

    boolean isError() {
        return error;
    }

    OpenAiChunk repaired(OpenAiRepair repair) {
        return readAgain(repair.repair(bytes));
    }

    /** The same chunk, its choices going on. */
    OpenAiChunk withoutFinish(OpenAiRepair repair) {
        return readAgain(repair.withoutFinish(bytes));
    }

    /** The same chunk, in which these choices do not stop but call. */
    OpenAiChunk endedByCalls(OpenAiRepair repair, BitSet called) {
        return readAgain(repair.endedByCalls(bytes, called));
    }

    private static OpenAiChunk readAgain(byte[] repaired) {
        OpenAiChunk chunk = read(repaired);
        if (chunk == null) {
            throw new IllegalStateException("a repaired chunk is a chunk");
        }
        return chunk;
    }

    JsonNode tree() {
        return Json.tree(bytes);
    }
}
