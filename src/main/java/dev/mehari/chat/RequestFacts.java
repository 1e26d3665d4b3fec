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
 * @param maxTokens the most output tokens the client wants
 * @param promptChars characters of text in all messages
 * @param usesFunctions whether it speaks of {@code functions}, the form before {@code tools}
 * @param request reads all of it, each time; throws {@link GatewayException.InvalidRequest}
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
        Supplier<ChatRequest> request) {}
