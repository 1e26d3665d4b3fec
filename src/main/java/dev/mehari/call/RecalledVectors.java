package dev.mehari.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.cache.StoredAnswer.Content;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was kept of the vectors that one request asks for, and how the rest of them is asked for and put beside them. */
final class RecalledVectors {
    private final List<CacheKey> keys;
    private final Map<CacheKey, Content.Vector> vectors = new HashMap<>();
    private StoredAnswer.@Nullable Origin origin;
    private Duration age = Duration.ZERO;

    /** @param keys of the inputs, in their order */
    RecalledVectors(List<CacheKey> keys) {
        this.keys = keys;
    }

    void found(CacheKey key, Content.Vector vector, StoredAnswer.Origin origin, Duration age) {
        vectors.put(key, vector);
        this.origin = origin;
        this.age = age.compareTo(this.age) > 0 ? age : this.age;
    }

    boolean areAll() {
        return vectors.keySet().containsAll(keys);
    }

    boolean areNone() {
        return vectors.isEmpty();
    }

    StoredAnswer.Origin origin() {
        StoredAnswer.Origin known = origin;
        if (known == null) {
            throw new IllegalStateException("nothing was found");
        }
        return known;
    }

    /** Of the oldest. */
    Duration age() {
        return age;
    }

    /** The answer, when all were found. */
    Answer.Embedded answer(Call call) {
        return joined(call, List.of(), Usage.of(0L, null));
    }

    /** The keys of those that were not found, in the order of their inputs. */
    List<CacheKey> missing() {
        return keys.stream().filter(key -> !vectors.containsKey(key)).toList();
    }

    /** The request for those that were not found. */
    RequestFacts rest(RequestFacts request) {
        Supplier<EmbeddingsRequest> whole = request.embeddings();
        if (whole == null) {
            throw new IllegalStateException("a chat holds nothing to embed");
        }
        EmbeddingsRequest all = whole.get();
        List<EmbeddingsRequest.Input> missing = new ArrayList<>();
        ArrayNode inputs = Json.MAPPER.createArrayNode();
        int chars = 0;
        for (int i = 0; i < keys.size(); i++) {
            if (!vectors.containsKey(keys.get(i))) {
                EmbeddingsRequest.Input input = all.inputs().get(i);
                missing.add(input);
                switch (input) {
                    case EmbeddingsRequest.Input.Text(var text) -> {
                        inputs.add(text);
                        chars += text.length();
                    }
                    case EmbeddingsRequest.Input.Tokens(var ids) -> ids.forEach(inputs.addArray()::add);
                }
            }
        }
        EmbeddingsRequest less =
                new EmbeddingsRequest(all.model(), missing, all.dimensions(), all.form(), all.user(), all.extras());
        return RequestFacts.ofEmbeddings(
                withInput(request.raw(), inputs), request.model(), request.provider(), chars, () -> less);
    }

    private static JsonObject withInput(JsonObject raw, ArrayNode inputs) {
        ByteSink out = new ByteSink(raw.bytes().length);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        for (JsonObject.Field field : raw.fields()) {
            if (field.name().equals("input")) {
                copy.put("input", Json.bytes(inputs));
            } else {
                copy.keep(raw, field);
            }
        }
        copy.end();
        byte[] body = out.take();
        try (var parser = Json.FACTORY.createParser(body)) {
            return JsonObject.read(body, parser, (name, value) -> {});
        } catch (IOException impossible) {
            throw new UncheckedIOException("written just now", impossible);
        }
    }

    /** All vectors in the order of the inputs: those that were found, and the others as they have come. */
    Answer.Embedded joined(Call call, List<float[]> others, @Nullable Usage usage) {
        List<float[]> all = new ArrayList<>(keys.size());
        int next = 0;
        for (CacheKey key : keys) {
            Content.Vector found = vectors.get(key);
            all.add(found == null ? others.get(next++) : found.vector());
        }
        String asked = call.request().model();
        return new Answer.Embedded(
                new EmbeddingsResponse(asked == null ? origin().model() : asked, all, together(usage)), null);
    }

    /** What all of them have taken, those that were found when they were asked for. */
    private @Nullable Usage together(@Nullable Usage others) {
        Long tokens = others == null ? null : others.promptTokens();
        for (CacheKey key : keys) {
            Content.Vector found = vectors.get(key);
            if (found != null) {
                Long known = found.tokens();
                tokens = tokens == null || known == null ? null : (Long) (tokens + known);
            }
        }
        return tokens == null ? null : Usage.of(tokens, null);
    }
}
