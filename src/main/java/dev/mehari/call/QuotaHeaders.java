package dev.mehari.call;

import dev.mehari.access.CallerLedger.Standing;
import dev.mehari.access.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a key's limits stand, in the headers of OpenAI's answers (platform.openai.com/docs/guides/rate-limits). */
final class QuotaHeaders {
    private QuotaHeaders() {}

    /** None for what is not limited. */
    static List<Map.Entry<String, String>> of(Quota quota, Standing standing) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(6);
        if (quota.requestsPerMinute() != null) {
            add(headers, "requests", quota.requestsPerMinute(), standing.requests(), standing.reset());
        }
        if (quota.tokensPerMinute() != null) {
            add(headers, "tokens", quota.tokensPerMinute(), standing.tokens(), standing.reset());
        }
        return headers;
    }

    private static void add(
            List<Map.Entry<String, String>> headers, String what, long limit, long used, Duration reset) {
        headers.add(Map.entry("x-ratelimit-limit-" + what, Long.toString(limit)));
        headers.add(Map.entry("x-ratelimit-remaining-" + what, Long.toString(Math.max(0, limit - used))));
        headers.add(Map.entry("x-ratelimit-reset-" + what, written(used == 0 ? Duration.ZERO : reset)));
    }

    /** As Go writes durations, which is what OpenAI sends: {@code 120ms}, {@code 6.5s}, {@code 1m0.2s}; tenths are enough. */
    static String written(Duration span) {
        long millis = span.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        long rest = millis % 60_000;
        StringBuilder text = new StringBuilder(10);
        if (minutes > 0) {
            text.append(minutes).append('m');
        }
        text.append(rest / 1000);
        long tenths = rest % 1000 / 100;
        if (tenths > 0) {
            text.append('.').append(tenths);
        }
        return text.append('s').toString();
    }
}
