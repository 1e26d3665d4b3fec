package dev.mehari.provider.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.OwnFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer of either platform, which wrap their {@code values} differently: {@code embeddings[]} and
 * {@code predictions[].embeddings}. Token counts are read where they are told. One instance for all answers of a call.
 */
final class GeminiVectors {
    private final Ask ask;
    private final OwnFields own = new OwnFields("gemini");
    private final ArrayNode statistics = Json.MAPPER.createArrayNode();
    private final ArrayNode metadata = Json.MAPPER.createArrayNode();
    private List<float[]> vectors = new ArrayList<>();
    private int inputs;
    private @Nullable Long tokens;

    GeminiVectors(Ask ask) {
        this.ask = ask;
    }

    /** @throws GatewayException an error in the clothes of a 200, or no embeddings */
    EmbeddingsResponse read(byte[] body) {
        String who = "provider \"" + ask.provider().name() + "\" ";
        vectors = new ArrayList<>();
        tokens = null;
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    readField(parser.currentName(), parser);
                }
            }
        } catch (IOException broken) {
            throw new UpstreamProtocol(who + "sent something that is not a response of its protocol");
        }
        if (vectors.isEmpty()) {
            throw new UpstreamProtocol(who + "answered without embeddings");
        }
        return new EmbeddingsResponse(ask.alias(), vectors, tokens == null ? null : Usage.of(tokens, null));
    }

    /** Whether an input was cut ({@code statistics.truncated}), and what of the answers it is billed by; null: nothing. */
    @Nullable
    JsonNode own() {
        own.put("statistics", statistics);
        own.put("metadata", metadata);
        return own.fields();
    }

    private void readField(String name, JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT && name.equals("embeddings")) {
            inputs++;
        } else if (token == JsonToken.START_OBJECT && name.equals("statistics")) {
            statistics(Json.tree(parser));
        } else if (token == JsonToken.START_OBJECT && name.equals("metadata")) {
            metadata.add(Json.tree(parser));
        } else if (name.equals("values") && token == JsonToken.START_ARRAY) {
            vectors.add(vector(parser));
        } else if (token.isNumeric() && name.equals("promptTokenCount")) {
            count(parser.getDoubleValue());
        } else if (name.equals("error") && token == JsonToken.START_OBJECT) {
            throw GeminiError.inside(ask.provider(), Json.tree(parser));
        }
    }

    private void statistics(JsonNode told) {
        if (told.path("token_count").isNumber()) {
            count(told.path("token_count").doubleValue());
        }
        statistics.add(Json.MAPPER
                .createObjectNode()
                .put("index", Math.max(0, inputs - 1))
                .setAll((ObjectNode) told));
    }

    /** Vertex AI writes whole numbers as floats. */
    private void count(double more) {
        tokens = (tokens == null ? 0 : tokens) + (long) more;
    }

    private static float[] vector(JsonParser parser) throws IOException {
        float[] values = new float[1024];
        int length = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (length == values.length) {
                values = Arrays.copyOf(values, length * 2);
            }
            values[length++] = parser.getFloatValue();
        }
        return Arrays.copyOf(values, length);
    }
}
