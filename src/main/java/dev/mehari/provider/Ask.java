package dev.mehari.provider;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.RequestFacts;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one provider in one attempt. Immutable.
 *
 * @param model the provider's own name of the model
 * @param alias the name that the client used and expects in the answer
 * @param dialect the client's API, by name: a body in the provider's own API passes as bytes
 * @param request what the client sent
 * @param answerId an id for the answer, should the provider's be missing or not unique
 * @param session the client's own name for the conversation that this belongs to; null when it gave none
 * @param caller which of our keys it came with; null when we ask for none
 * @param headers those of the client's that go on to a provider of the same API, by their names in lower case
 */
public record Ask(
        Provider provider,
        String model,
        String alias,
        String dialect,
        RequestFacts request,
        String answerId,
        @Nullable String session,
        @Nullable String caller,
        Map<String, String> headers) {
    /** Of a call that names neither conversation nor key. */
    public Ask(Provider provider, String model, String alias, String dialect, RequestFacts request, String answerId) {
        this(provider, model, alias, dialect, request, answerId, null, null, Map.of());
    }

    public boolean stream() {
        return request.stream();
    }

    /** Whether embeddings are wanted, not a chat. */
    public boolean wantsEmbeddings() {
        return request.embeddings() != null;
    }

    /**
     * What embeddings are wanted of; read anew each time.
     *
     * @throws IllegalStateException it is a chat
     */
    public EmbeddingsRequest embeddings() {
        Supplier<EmbeddingsRequest> wanted = request.embeddings();
        if (wanted == null) {
            throw new IllegalStateException("a chat holds nothing to embed");
        }
        return wanted.get();
    }

    /** The same of another request, already read. */
    public Ask with(ChatRequest other) {
        return new Ask(provider, model, alias, dialect, request.with(other), answerId, session, caller, headers);
    }
}
