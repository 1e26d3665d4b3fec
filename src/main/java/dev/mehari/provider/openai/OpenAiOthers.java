package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Json;
import dev.mehari.chat.UsageDetail;
import dev.mehari.provider.OwnFields;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an answer holds that clients of other APIs have no field for: {@code system_fingerprint}, Azure's filters,
 * Perplexity's {@code search_results}, OpenRouter's {@code native_finish_reason} and {@code usage.cost}, … In streams the
 * last of a name counts. One instance an answer; not thread-safe.
 */
final class OpenAiOthers {
    private static final Set<String> TOLD = Set.of("id", "object", "created", "model", "obfuscation", "usage", "error");
    private static final Set<String> COUNTS = Set.of(
            "prompt_tokens",
            "completion_tokens",
            "input_tokens",
            "output_tokens",
            "total_tokens",
            "cached_tokens",
            "prompt_cache_hit_tokens",
            "num_cached_tokens",
            "cache_write_tokens",
            "reasoning_tokens",
            "audio_tokens");

    private final OwnFields own = new OwnFields("openai");
    private final Map<Integer, ObjectNode> choices = new TreeMap<>();

    /** A field beside the choices. @param parser on the value's first token; it is read to its last */
    void field(String name, JsonParser parser) throws IOException {
        if (name.equals("usage") && parser.currentToken() == JsonToken.START_OBJECT) {
            usage(Json.tree(parser));
        } else if (TOLD.contains(name)) {
            parser.skipChildren();
        } else {
            own.put(name, Json.tree(parser));
        }
    }

    /** What is told beside counts. */
    void usage(JsonNode usage) {
        own.put("usage", beside(usage));
    }

    private static ObjectNode beside(JsonNode usage) {
        ObjectNode others = Json.MAPPER.createObjectNode();
        usage.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue().isObject() ? beside(field.getValue()) : field.getValue();
            boolean empty = value.isNull() || (value.isObject() && value.isEmpty());
            if (!empty && !COUNTS.contains(name) && !isDetail(name)) {
                others.set(name, value);
            }
        });
        return others;
    }

    private static boolean isDetail(String name) {
        for (UsageDetail.Part part : UsageDetail.Part.values()) {
            if (UsageDetail.of(part, name) != null) {
                return true;
            }
        }
        return false;
    }

    /** Fields of a choice, or of its message or delta. */
    void choice(int index, @Nullable ObjectNode fields) {
        if (fields == null) {
            return;
        }
        fields.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (field.getKey().equals("reasoning_details")) {
                sealed(index, value);
            } else if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                of(index).set(field.getKey(), value);
            }
        });
    }

    /** OpenRouter's: what is text in it was told as reasoning; seals come once each. */
    private void sealed(int index, JsonNode details) {
        for (JsonNode detail : details) {
            if (detail.hasNonNull("signature") || detail.hasNonNull("data")) {
                of(index).withArray("reasoning_details").add(detail);
            }
        }
    }

    private ObjectNode of(int index) {
        return choices.computeIfAbsent(
                index, fresh -> Json.MAPPER.createObjectNode().put("index", index));
    }

    void tell(EventSink sink) {
        ArrayNode each = Json.MAPPER.createArrayNode();
        choices.values().forEach(each::add);
        own.put("choices", each);
        own.tell(sink);
    }
}
