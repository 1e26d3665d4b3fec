package dev.mehari.chat;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What reading a request once has found: the facts that routes decide on, the bytes to pass on, and the way to the full
 * request for providers that need it translated. Immutable.
 *
 * @param raw the client's body
 * @param model as asked for; null when the client left it out
 * @param provider asked for by name in the body
 * @param includeUsage whether the client wants usage at the end of its stream
 * @param maxTokens the most output tokens the client wants, 1 to {@code Integer.MAX_VALUE}; null: it sets no limit
 * @param promptChars characters of text in all messages
 * @param usesFunctions whether it speaks of {@code functions}, the form before {@code tools}
 * @param request reads all of it, each time; throws {@link GatewayException.InvalidRequest}
 * @param history the conversation that it goes on with; null: none that the gateway keeps
 * @param embeddings the same, for a request that wants embeddings; null: it is a chat
 */
public record RequestFacts(
        JsonObject raw,
        @Nullable String model,
        @Nullable String provider,
        boolean stream,
        boolean includeUsage,
        @Nullable Long maxTokens,
        int promptChars,
        boolean hasTools,
        boolean usesFunctions,
        Supplier<ChatRequest> request,
        @Nullable History history,
        @Nullable Supplier<EmbeddingsRequest> embeddings) {

    /** A chat. */
    public RequestFacts(
            JsonObject raw,
            @Nullable String model,
            @Nullable String provider,
            boolean stream,
            boolean includeUsage,
            @Nullable Long maxTokens,
            int promptChars,
            boolean hasTools,
            boolean usesFunctions,
            Supplier<ChatRequest> request) {
        this(
                raw,
                model,
                provider,
                stream,
                includeUsage,
                maxTokens,
                promptChars,
                hasTools,
                usesFunctions,
                request,
                null,
                null);
    }

    /** A request for embeddings; its answer is always whole. */
    public static RequestFacts ofEmbeddings(
            JsonObject raw,
            @Nullable String model,
            @Nullable String provider,
            int promptChars,
            Supplier<EmbeddingsRequest> embeddings) {
        Supplier<ChatRequest> none = () -> {
            throw new IllegalStateException("a call for embeddings holds no chat");
        };
        return new RequestFacts(
                raw, model, provider, false, false, null, promptChars, false, false, none, null, embeddings);
    }

    /** What is asked for, as OpenTelemetry's {@code gen_ai.operation.name} has it: {@code chat} or {@code embeddings}. */
    public String operation() {
        return embeddings == null ? "chat" : "embeddings";
    }

    /** The same after a conversation that is kept elsewhere now. */
    public RequestFacts with(History other) {
        return new RequestFacts(
                raw,
                model,
                provider,
                stream,
                includeUsage,
                maxTokens,
                promptChars,
                hasTools,
                usesFunctions,
                request,
                other,
                embeddings);
    }

    /** The same facts of a chat that was read already, and perhaps changed. */
    public RequestFacts with(ChatRequest known) {
        return new RequestFacts(
                raw,
                model,
                provider,
                stream,
                includeUsage,
                maxTokens,
                promptChars,
                hasTools,
                usesFunctions,
                () -> known,
                history,
                embeddings);
    }
}
