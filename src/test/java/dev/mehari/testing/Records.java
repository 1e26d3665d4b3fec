package dev.mehari.testing;

import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
import dev.mehari.routing.FailureClass;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.AttemptTimes;
import dev.mehari.usage.CallContent;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.CallTimes;
import dev.mehari.usage.ErrorType;
import java.time.Instant;
import java.util.List;

/** Records of calls that nobody made. */
public final class Records {
    private static final long MILLI = 1_000_000;

    private Records() {}

    /** A stream that went well. */
    public static CallRecord plain(String requestId) {
        return of(requestId, Instant.now(), "openai", "gpt-4o", "key-1", null, null);
    }

    /** The same, and what was said in it. */
    public static CallRecord saying(String requestId, byte[] asked, byte[] answered) {
        CallRecord plain = plain(requestId);
        return new CallRecord(
                requestId,
                plain.received(),
                plain.dialect(),
                plain.operation(),
                plain.model(),
                plain.stream(),
                plain.key(),
                null,
                null,
                null,
                null,
                plain.attempts(),
                plain.status(),
                null,
                null,
                plain.finish(),
                plain.usage(),
                plain.costNanoUsd(),
                null,
                null,
                false,
                List.of(),
                plain.times(),
                new CallContent(asked, asked.length, answered, answered.length));
    }

    /** @param error null: it went well */
    public static CallRecord of(
            String requestId,
            Instant received,
            String provider,
            String model,
            String key,
            String session,
            ErrorType error) {
        long start = 1_000_000 * MILLI;
        boolean well = error == null;
        AttemptTimes times = new AttemptTimes(
                start + MILLI,
                start + 2 * MILLI,
                true,
                start + 3 * MILLI,
                start + 100 * MILLI,
                well ? start + 110 * MILLI : 0,
                well ? start + 900 * MILLI : 0,
                start + 900 * MILLI);
        AttemptRecord attempt = new AttemptRecord(
                "chatcmpl-1",
                provider,
                "openai",
                new AttemptRecord.Server("api.example", 443),
                model,
                provider + "/" + model,
                error,
                well ? null : FailureClass.TRANSIENT,
                well ? null : "it broke",
                false,
                null,
                well ? "chatcmpl-1" : null,
                well ? model + "-2026" : null,
                "req-1",
                times);
        return new CallRecord(
                requestId,
                received,
                "chat",
                "chat",
                model,
                true,
                key,
                null,
                null,
                session,
                null,
                List.of(attempt),
                well ? 200 : 502,
                error,
                well ? null : "it broke",
                well ? FinishReason.STOP : null,
                well ? Usage.of(100L, 50L) : null,
                1_500_000L,
                null,
                null,
                false,
                List.of(),
                new CallTimes(start, start, start, start + 111 * MILLI, start + 901 * MILLI),
                null);
    }
}
