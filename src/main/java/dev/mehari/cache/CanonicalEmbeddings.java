package dev.mehari.cache;

import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsRequest.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A request for embeddings as one key for each of its inputs: what is asked beside them does not change a vector. */
public final class CanonicalEmbeddings {
    private CanonicalEmbeddings() {}

    /**
     * The keys, in the order of the inputs. The parameters are those of
     * {@link CanonicalChat#key(String, String, List, dev.mehari.chat.ChatRequest, Predicate)}.
     */
    public static List<CacheKey> keys(
            @Nullable String tenant, String model, EmbeddingsRequest request, Predicate<String> ignored) {
        List<CacheKey> keys = new ArrayList<>(request.inputs().size());
        for (Input input : request.inputs()) {
            Canonical out = new Canonical().mark('E').text(tenant).text(model);
            terms(request, ignored, out);
            input(input, out);
            keys.add(new CacheKey(model, out.hash()));
        }
        return keys;
    }

    private static void terms(EmbeddingsRequest request, Predicate<String> ignored, Canonical out) {
        switch (request) {
            // Vectors are kept as numbers and written in the form that is asked for.
            case EmbeddingsRequest(var model, var inputs, var dimensions, var form, var user, var extras) ->
                out.number(dimensions).extras(extras, ignored);
        }
    }

    private static void input(Input input, Canonical out) {
        switch (input) {
            case Input.Text(var text) -> out.mark('t').text(text);
            case Input.Tokens(var ids) -> {
                out.mark('i').count(ids.size());
                ids.forEach(out::number);
            }
        }
    }
}
