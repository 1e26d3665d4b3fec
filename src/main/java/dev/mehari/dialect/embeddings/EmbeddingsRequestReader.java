package dev.mehari.dialect.embeddings;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsRequest.Form;
import dev.mehari.chat.EmbeddingsRequest.Input;
import dev.mehari.chat.Extras;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An Embeddings request that {@link EmbeddingsFacts} has checked, in full. Stateless and thread-safe. */
final class EmbeddingsRequestReader {
    /** {@code provider} is the gateway's own. */
    private static final Set<String> TYPED =
            Set.of("model", "input", "dimensions", "encoding_format", "user", "provider");

    private EmbeddingsRequestReader() {}

    static EmbeddingsRequest read(JsonObject raw) {
        Field dimensions = raw.field("dimensions");
        return new EmbeddingsRequest(
                text(raw, "model"),
                inputs(raw.tree(need(raw, "input"))),
                dimensions == null ? null : raw.tree(dimensions).intValue(),
                Form.of(raw),
                text(raw, "user"),
                extras(raw));
    }

    private static Field need(JsonObject raw, String name) {
        Field field = raw.field(name);
        if (field == null) {
            throw new IllegalStateException(name + " was there when the request was checked");
        }
        return field;
    }

    private static @Nullable String text(JsonObject raw, String name) {
        Field field = raw.field(name);
        return field == null ? null : raw.text(field);
    }

    private static List<Input> inputs(JsonNode input) {
        if (input.isTextual() || input.path(0).isNumber()) {
            return List.of(one(input));
        }
        List<Input> inputs = new ArrayList<>(input.size());
        input.forEach(each -> inputs.add(one(each)));
        return inputs;
    }

    private static Input one(JsonNode input) {
        if (input.isTextual()) {
            return new Input.Text(input.textValue());
        }
        List<Integer> ids = new ArrayList<>(input.size());
        input.forEach(id -> ids.add(id.intValue()));
        return new Input.Tokens(ids);
    }

    private static Extras extras(JsonObject raw) {
        Map<String, JsonNode> extras = new LinkedHashMap<>();
        for (Field field : raw.fields()) {
            if (!TYPED.contains(field.name()) && field.kind() != JsonToken.VALUE_NULL) {
                extras.put(field.name(), raw.tree(field));
            }
        }
        return extras.isEmpty() ? Extras.NONE : new Extras(extras);
    }
}
