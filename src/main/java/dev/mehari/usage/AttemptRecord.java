package dev.mehari.usage;

import dev.mehari.chat.Usage;
import dev.mehari.routing.FailureClass;
import org.jspecify.annotations.Nullable;

/**
 * What became of one attempt. Immutable.
 *
 * @param id of its own, from when it began
 * @param provider by name
 * @param protocol that the provider speaks
 * @param server where the provider is; null: here
 * @param model as the provider names it
 * @param deployment by name
 * @param error null: it answered, or another attempt beside it was faster
 * @param failure the same as routing sees it; null with {@code error}
 * @param message what went wrong, as the client would be told
 * @param overtaken another attempt beside it was faster, and it was given up
 * @param usage as far as the provider told
 * @param answerId what the provider calls its answer, or else the request for it; null: nothing, or it did not answer
 * @param answeredModel what the provider says has answered; null: it does not say
 * @param requestId what the provider calls the last request to it, answered well or not; null: nothing
 */
public record AttemptRecord(
        String id,
        String provider,
        String protocol,
        @Nullable Server server,
        String model,
        String deployment,
        @Nullable ErrorType error,
        @Nullable FailureClass failure,
        @Nullable String message,
        boolean overtaken,
        @Nullable Usage usage,
        @Nullable String answerId,
        @Nullable String answeredModel,
        @Nullable String requestId,
        AttemptTimes times) {

    /** A host and its port. */
    public record Server(String address, int port) {}

    /** Whether it came so far that somebody was to be asked; else it only says who would have been: tokens were guessed. */
    public boolean wasBegun() {
        return times.connecting() != 0 || error != null || overtaken;
    }
}
