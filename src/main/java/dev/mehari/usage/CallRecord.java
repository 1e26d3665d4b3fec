package dev.mehari.usage;

import dev.mehari.cache.CacheUse;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to tell of one call, made once when it is over. Texts of clients are plain and cut
 * ({@link PlainText}). Immutable.
 *
 * @param requestId as in {@code x-request-id}
 * @param received when its head came; together with {@code times.received()} it turns instants into times of day
 * @param dialect that the client speaks; {@code other} at a door that names none
 * @param operation {@code chat}, {@code embeddings} or {@code count_tokens}
 * @param model as the client asked for it; null: it named none, or was not read
 * @param stream whether it asked for a stream
 * @param key which of our keys it came with; null: none
 * @param team that the key belongs to; null: none
 * @param user whom the client says it is for; null: it does not say
 * @param session the client's own name for the conversation; null: it gave none
 * @param traceparent the header of W3C's trace context, as it came; null: none
 * @param attempts in the order they began
 * @param status of the answer; 499 when the client left before it had one
 * @param error null: it went well
 * @param message what went wrong, as the client was told
 * @param finish why the answer ended; of several choices the last
 * @param usage as the provider told; null: it did not
 * @param costNanoUsd in billionths of a US dollar; null: the price is not known
 * @param cache null: there is none
 * @param recalled what the provider called the answer that was given again; null: none was, or it told nothing
 * @param clientGone the client left before its answer was complete
 * @param dropped request fields that the provider did not take
 * @param content null unless the settings, or the level of the log, say that it is to be captured: who keeps it asks the
 *     settings first
 */
public record CallRecord(
        String requestId,
        Instant received,
        String dialect,
        String operation,
        @Nullable String model,
        boolean stream,
        @Nullable String key,
        @Nullable String team,
        @Nullable String user,
        @Nullable String session,
        @Nullable String traceparent,
        List<AttemptRecord> attempts,
        int status,
        @Nullable ErrorType error,
        @Nullable String message,
        @Nullable FinishReason finish,
        @Nullable Usage usage,
        @Nullable Long costNanoUsd,
        @Nullable CacheUse cache,
        @Nullable AnswerNames recalled,
        boolean clientGone,
        List<String> dropped,
        CallTimes times,
        @Nullable CallContent content) {

    /** The same without what was said, for those who keep it in memory. */
    public CallRecord withoutContent() {
        return content == null ? this : withContent(null);
    }

    CallRecord withContent(@Nullable CallContent other) {
        return new CallRecord(
                requestId,
                received,
                dialect,
                operation,
                model,
                stream,
                key,
                team,
                user,
                session,
                traceparent,
                attempts,
                status,
                error,
                message,
                finish,
                usage,
                costNanoUsd,
                cache,
                recalled,
                clientGone,
                dropped,
                times,
                other);
    }

    /** The attempt that answered, or else failed last; null: nobody was asked. */
    public @Nullable AttemptRecord served() {
        for (int i = attempts.size() - 1; i >= 0; i--) {
            if (!attempts.get(i).overtaken()) {
                return attempts.get(i);
            }
        }
        return null;
    }

    /** What says it has answered, now or when the answer was kept; null: it does not say. */
    public @Nullable String answeredModel() {
        AttemptRecord served = served();
        return served != null ? served.answeredModel() : recalled == null ? null : recalled.model();
    }

    /** What the provider calls the answer, or else the request for it; null: nothing. */
    public @Nullable String answerId() {
        AttemptRecord served = served();
        return served != null ? served.answerId() : recalled == null ? null : recalled.id();
    }

    /** How often somebody was asked, attempts beside others included. */
    public int asked() {
        int asked = 0;
        for (AttemptRecord attempt : attempts) {
            asked += attempt.wasBegun() ? 1 : 0;
        }
        return asked;
    }

    /** How long providers were waited for: from asking for a connection to the first token, whole answer or failure. */
    public long upstreamNanos() {
        // Nearly every call has one, and several observers ask.
        return attempts.size() == 1
                ? attempts.getFirst().times().waited()
                : AttemptTimes.waited(
                        attempts.stream().map(AttemptRecord::times).toList());
    }

    /**
     * Our own part of the time between the whole request and the first byte of the answer, in nanoseconds: everything but
     * {@link #upstreamNanos()}. Waiting to be let in and pauses before retries are ours. Empty when nothing was answered,
     * and when nobody was asked for an answer: a refusal is no work.
     */
    public OptionalLong overheadNanos() {
        OptionalLong answered = times.toFirstByte();
        boolean worked = !attempts.isEmpty() || cache == CacheUse.HIT;
        return answered.isEmpty() || !worked
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, answered.getAsLong() - upstreamNanos()));
    }

    /** From the whole request to the first token of a stream on its way to the client; empty for whole answers. */
    public OptionalLong toFirstTokenNanos() {
        AttemptRecord served = served();
        boolean streamed = stream && served != null && served.times().firstToken() != 0;
        return streamed ? times.toFirstByte() : OptionalLong.empty();
    }

    /** Output tokens a second between the first and the last token of a stream. */
    public OptionalDouble tokensPerSecond() {
        AttemptRecord served = served();
        Long tokens = usage == null ? null : usage.completionTokens();
        if (served == null || tokens == null || tokens < 2 || !stream) {
            return OptionalDouble.empty();
        }
        long nanos = served.times().lastToken() - served.times().firstToken();
        boolean known = served.times().firstToken() != 0 && served.times().lastToken() != 0 && nanos > 0;
        return known ? OptionalDouble.of((tokens - 1) * 1e9 / nanos) : OptionalDouble.empty();
    }
}
