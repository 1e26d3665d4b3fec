package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.OwnFields;
import dev.mehari.transport.UpstreamResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings of Amazon Titan, one text a request, and of Cohere, 96 a request, by InvokeModel: Converse has none. Clients
 * may add Cohere's {@code input_type} (else {@code search_document}) and {@code truncate}.
 *
 * <p>Source: Bedrock User Guide, Titan Text Embeddings and Cohere Embed; read 2026-11-21. Stateless and thread-safe.
 */
final class BedrockEmbeddings implements EmbeddingsProtocol {
    private static final int MOST_AT_COHERE = 96;
    /** Fields of answers that have another place, or echo the request. */
    private static final Set<String> TOLD =
            Set.of("embedding", "embeddings", "embeddingsByType", "inputTextTokenCount", "texts", "response_type");

    private static final Set<String> COHERE_FIELDS = Set.of("input_type", "truncate");

    @Override
    public EncodedEmbeddings encode(Ask ask) {
        EmbeddingsRequest wanted = ask.embeddings();
        boolean cohere = ask.model().contains("cohere.embed");
        if (!cohere && !ask.model().contains("titan-embed")) {
            throw EmbeddingsProtocol.none(ask);
        }
        List<String> texts = wanted.texts(ask.provider().name());
        int most = cohere ? MOST_AT_COHERE : 1;
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < texts.size(); i += most) {
            List<String> some = texts.subList(i, Math.min(texts.size(), i + most));
            bodies.add(cohere ? cohere(ask, wanted, some) : titan(ask, wanted, some.getFirst()));
        }
        return new EncodedEmbeddings(
                bodies.stream()
                        .map(body -> BedrockProtocol.request(ask, "/invoke", body))
                        .toList(),
                dropped(wanted, cohere));
    }

    private static byte[] titan(Ask ask, EmbeddingsRequest wanted, String text) {
        ByteSink body = new ByteSink(text.length() + 64);
        JsonWriter out = new JsonWriter(body).object().field("inputText", text);
        Integer dimensions = wanted.dimensions();
        if (dimensions != null && ask.model().contains("embed-image")) {
            out.name("embeddingConfig").object().name("outputEmbeddingLength").number(dimensions);
            out.endObject();
        } else if (dimensions != null && ask.model().contains("embed-text-v1")) {
            throw fixedLength(ask);
        } else if (dimensions != null) {
            out.name("dimensions").number(dimensions);
        }
        out.endObject();
        return body.take();
    }

    private static byte[] cohere(Ask ask, EmbeddingsRequest wanted, List<String> texts) {
        ByteSink body = new ByteSink(1024);
        JsonWriter out = new JsonWriter(body).object().name("texts").list();
        texts.forEach(out::text);
        String inputType = text(wanted, "input_type");
        out.endList().field("input_type", inputType == null ? "search_document" : inputType);
        String truncate = text(wanted, "truncate");
        if (truncate != null) {
            out.field("truncate", truncate);
        }
        Integer dimensions = wanted.dimensions();
        if (dimensions != null) {
            if (ask.model().contains("-v3")) {
                throw fixedLength(ask);
            }
            out.name("output_dimension").number(dimensions);
        }
        out.name("embedding_types").raw("[\"float\"]").endObject();
        return body.take();
    }

    private static InvalidRequest fixedLength(Ask ask) {
        return new InvalidRequest(
                "unsupported_parameter",
                "dimensions",
                "dimensions is not supported by model \"" + ask.model() + "\" of provider \""
                        + ask.provider().name() + "\": its vectors have one length");
    }

    private static @Nullable String text(EmbeddingsRequest wanted, String name) {
        JsonNode value = wanted.extras().get(name);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static List<String> dropped(EmbeddingsRequest wanted, boolean cohere) {
        List<String> dropped = new ArrayList<>(0);
        if (wanted.user() != null) {
            dropped.add("user");
        }
        wanted.extras().fields().forEach((name, value) -> {
            if (!value.isNull() && !(cohere && COHERE_FIELDS.contains(name))) {
                dropped.add(name);
            }
        });
        return dropped;
    }

    @Override
    public Answer decode(Ask ask, List<UpstreamResponse> answers) {
        String who = "provider \"" + ask.provider().name() + "\" ";
        List<EmbeddingsResponse> parts = new ArrayList<>(answers.size());
        ArrayNode beside = Json.MAPPER.createArrayNode();
        for (UpstreamResponse answer : answers) {
            parts.add(read(ask, who, answer, beside));
        }
        OwnFields own = new OwnFields("bedrock");
        own.put("answers", beside);
        EmbeddingsResponse all = EmbeddingsResponse.join(parts).with(own.fields());
        int wanted = ask.embeddings().inputs().size();
        if (all.vectors().size() != wanted) {
            throw new UpstreamProtocol(who + "answered with " + all.vectors().size() + " vectors for " + wanted
                    + (wanted == 1 ? " input" : " inputs"));
        }
        return new Answer.Embedded(all, null);
    }

    /** @param beside gets what a model tells of an answer, if it does, beside vectors and counts */
    private static EmbeddingsResponse read(Ask ask, String who, UpstreamResponse response, ArrayNode beside) {
        JsonNode answer;
        try {
            answer = Json.MAPPER.readTree(response.body());
        } catch (IOException notJson) {
            throw new UpstreamProtocol(who + "answered something that is not JSON");
        }
        List<float[]> vectors = new ArrayList<>();
        JsonNode several = answer.path("embeddings");
        if (answer.path("embedding").isArray()) {
            vectors.add(vector(who, answer.path("embedding")));
        }
        // Cohere gives a list of vectors, or one a type when types were asked for.
        for (JsonNode vector : several.isObject() ? several.path("float") : several) {
            vectors.add(vector(who, vector));
        }
        ObjectNode others = Json.MAPPER.createObjectNode();
        answer.properties().forEach(field -> {
            if (!TOLD.contains(field.getKey()) && !field.getValue().isNull()) {
                others.set(field.getKey(), field.getValue());
            }
        });
        if (!others.isEmpty()) {
            beside.add(others);
        }
        return new EmbeddingsResponse(ask.alias(), vectors, usage(answer, response));
    }

    /** Titan tells it in its answer, of Cohere's Bedrock tells it in a header. */
    private static @Nullable Usage usage(JsonNode answer, UpstreamResponse response) {
        JsonNode told = answer.path("inputTextTokenCount");
        if (told.isIntegralNumber()) {
            return Usage.of(told.longValue(), null);
        }
        String counted = response.header("x-amzn-bedrock-input-token-count");
        if (counted == null || counted.isEmpty() || counted.length() > 18) {
            return null;
        }
        return counted.chars().allMatch(Character::isDigit) ? Usage.of(Long.parseLong(counted), null) : null;
    }

    private static float[] vector(String who, JsonNode numbers) {
        float[] vector = new float[numbers.size()];
        int length = 0;
        for (JsonNode number : numbers) {
            if (!numbers.isArray() || !number.isNumber()) {
                throw new UpstreamProtocol(who + "answered with a vector that is not numbers");
            }
            vector[length++] = number.floatValue();
        }
        return vector;
    }
}
