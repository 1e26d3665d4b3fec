package dev.mehari.edge;

import dev.mehari.call.Call;
import dev.mehari.config.MehariSettings;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What an answer's headers tell of the time it took, up to the moment they are made: of streams that is the first token.
 * What is known later is told by metrics, log and traces.
 */
@Component
final class AnswerTimes {
    private final boolean told;

    AnswerTimes(MehariSettings settings) {
        this.told = settings.metrics().headers();
    }

    /** Whether answers tell who has served them, and how long it took. */
    boolean areTold() {
        return told;
    }

    /** Our own part and the providers', in milliseconds, for us and as browsers' tools show it. */
    List<Map.Entry<String, String>> of(Call call) {
        long upstream = call.attempts().upstreamNanos();
        long overhead = Math.max(0, System.nanoTime() - call.client().request().readNanos() - upstream);
        String ours = millis(overhead);
        String theirs = millis(upstream);
        return List.of(
                Map.entry("x-mehari-overhead-ms", ours),
                Map.entry("x-mehari-upstream-ms", theirs),
                Map.entry("server-timing", "overhead;dur=" + ours + ", upstream;dur=" + theirs));
    }

    /** With three digits after the point, without the cost of a format. */
    private static String millis(long nanos) {
        long micros = (nanos + 500) / 1000;
        String digits = Long.toString(1000 + micros % 1000);
        return (micros / 1000) + "." + digits.substring(1);
    }
}
