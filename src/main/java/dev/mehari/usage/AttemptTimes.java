package dev.mehari.usage;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When an attempt got how far, as {@link System#nanoTime()}; 0: it did not. Of several requests in one attempt
 * (embeddings in batches) the first connects and the last answers.
 *
 * @param connecting a connection was asked for
 * @param connected there was one
 * @param newConnection whether it was made for this request; null: there was none, or none was needed
 * @param sent the request was on its way
 * @param headers the head of the answer was there
 * @param firstToken the first meaningful event of a stream was there, or the whole answer
 * @param lastToken the answer was complete
 * @param ended it was over, well or not
 */
public record AttemptTimes(
        long connecting,
        long connected,
        @Nullable Boolean newConnection,
        long sent,
        long headers,
        long firstToken,
        long lastToken,
        long ended) {

    public OptionalLong toConnect() {
        return CallTimes.span(connecting, connected);
    }

    public OptionalLong toHeaders() {
        return CallTimes.span(sent, headers);
    }

    public OptionalLong toFirstToken() {
        return CallTimes.span(sent, firstToken);
    }

    /** From the request to the end of the answer. */
    public OptionalLong toLastToken() {
        return CallTimes.span(sent, lastToken);
    }

    /** How long it was waited for: from asking for a connection to the first token, the whole answer or the failure. */
    public long waited() {
        long to = firstToken == 0 ? ended : firstToken;
        return connecting == 0 || to == 0 ? 0 : Math.max(0, to - connecting);
    }

    /**
     * How long these were waited for together: each from asking for a connection to the first token, the whole answer or
     * the failure. What went on at once counts once.
     *
     * @param attempts in the order they began
     */
    public static long waited(List<AttemptTimes> attempts) {
        long waited = 0;
        long until = 0;
        for (AttemptTimes attempt : attempts) {
            long to = attempt.firstToken() == 0 ? attempt.ended() : attempt.firstToken();
            if (attempt.connecting() == 0 || to == 0) {
                continue;
            }
            // Nothing has begun before: then there is nothing to compare with.
            long from = waited == 0 ? attempt.connecting() : Math.max(until, attempt.connecting());
            if (to > from) {
                waited += to - from;
                until = to;
            }
        }
        return waited;
    }
}
