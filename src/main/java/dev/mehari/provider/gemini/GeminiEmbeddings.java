package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.JsonWriter;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings: {@code batchEmbedContents} at AI Studio, {@code predict} at Vertex AI. Clients may add {@code task_type},
 * which Google's models know. Source: protocols page of Gemini §13, state 2026-11-21.
 */
record GeminiEmbeddings(GeminiPlatform platform) implements EmbeddingsProtocol {
    private static final int MOST_AT_AI_STUDIO = 100;
    private static final int MOST_AT_VERTEX = 250;

    @Override
    public EncodedEmbeddings encode(Ask ask) {
        EmbeddingsRequest wanted = ask.embeddings();
        List<String> texts = wanted.texts(ask.provider().name());
        List<UpstreamRequest> requests = new ArrayList<>();
        for (int i = 0; i < texts.size(); i += most(ask)) {
            List<String> some = texts.subList(i, Math.min(texts.size(), i + most(ask)));
            requests.add(request(ask, body(ask, wanted, some)));
        }
        return new EncodedEmbeddings(requests, dropped(wanted));
    }

    /** How many texts one request may hold. */
    private int most(Ask ask) {
        return switch (platform) {
            case AI_STUDIO -> MOST_AT_AI_STUDIO;
            case VERTEX -> GeminiAddress.plainName(ask.model()).startsWith("gemini-embedding") ? 1 : MOST_AT_VERTEX;
        };
    }

    private UpstreamRequest request(Ask ask, byte[] body) {
        Provider provider = ask.provider();
        String verb =
                switch (platform) {
                    case AI_STUDIO -> "batchEmbedContents";
                    case VERTEX -> "predict";
                };
        return new UpstreamRequest(
                GeminiCodec.target(provider),
                GeminiAddress.path(ask, platform, verb),
                provider.headers(),
                body,
                false,
                provider.timeouts(null));
    }

    private byte[] body(Ask ask, EmbeddingsRequest wanted, List<String> texts) {
        ByteSink out = new ByteSink(ask.request().raw().bytes().length + 256);
        JsonWriter json = new JsonWriter(out).object();
        String task = task(wanted);
        switch (platform) {
            case AI_STUDIO -> {
                json.name("requests").list();
                for (String text : texts) {
                    json.object().field("model", "models/" + GeminiAddress.plainName(ask.model()));
                    json.name("content").object().name("parts").list();
                    json.object().field("text", text).endObject().endList().endObject();
                    if (task != null) {
                        json.field("taskType", task);
                    }
                    writeDimensions(json, wanted);
                    json.endObject();
                }
                json.endList();
            }
            case VERTEX -> {
                json.name("instances").list();
                for (String text : texts) {
                    json.object().field("content", text);
                    if (task != null) {
                        json.field("task_type", task);
                    }
                    json.endObject();
                }
                json.endList().name("parameters").object();
                writeDimensions(json, wanted);
                json.endObject();
            }
        }
        json.endObject();
        return out.take();
    }

    private static void writeDimensions(JsonWriter json, EmbeddingsRequest wanted) {
        Integer dimensions = wanted.dimensions();
        if (dimensions != null) {
            json.name("outputDimensionality").number(dimensions);
        }
    }

    private static @Nullable String task(EmbeddingsRequest wanted) {
        JsonNode task = wanted.extras().get("task_type");
        return task != null && task.isTextual() ? task.textValue() : null;
    }

    private static List<String> dropped(EmbeddingsRequest wanted) {
        List<String> dropped = new ArrayList<>(0);
        if (wanted.user() != null) {
            dropped.add("user");
        }
        wanted.extras().fields().forEach((name, value) -> {
            if (!value.isNull() && !(name.equals("task_type") && value.isTextual())) {
                dropped.add(name);
            }
        });
        return dropped;
    }

    @Override
    public Answer decode(Ask ask, List<UpstreamResponse> answers) {
        List<EmbeddingsResponse> parts = new ArrayList<>(answers.size());
        GeminiVectors vectors = new GeminiVectors(ask);
        answers.forEach(answer -> parts.add(vectors.read(answer.body())));
        EmbeddingsResponse all = EmbeddingsResponse.join(parts).with(vectors.own());
        int wanted = ask.embeddings().inputs().size();
        if (all.vectors().size() != wanted) {
            throw new UpstreamProtocol("provider \"" + ask.provider().name() + "\" answered with "
                    + all.vectors().size() + " vectors for " + wanted + " inputs");
        }
        return new Answer.Embedded(all, null);
    }
}
