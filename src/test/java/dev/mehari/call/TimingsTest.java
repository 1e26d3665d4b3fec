package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Script;
import dev.mehari.testing.TwoProviders;
import dev.mehari.usage.AttemptTimes;
import dev.mehari.usage.CallRecord;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The times of a call beside those that its upstream has noted, on the same clock, when it had read the request and before
 * it wrote each part of the answer. None may be earlier than what it measures; and as a machine that has other things to do
 * may let anybody wait, of some calls the best has to be right to 5 ms.
 */
class TimingsTest {
    private static final double NEAR_MILLIS = 5;
    private static final int MOST_CALLS = 300;
    private static final Duration PAUSE = Duration.ofMillis(30);

    private static TwoProviders providers;

    /** When the upstream was how far, as {@link System#nanoTime()}. */
    private static final class Noted {
        private volatile long asked;
        private volatile long head;
        private volatile long firstToken;
        private volatile long lastToken;
    }

    @BeforeAll
    static void start() {
        providers = TwoProviders.start();
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    /** By how many milliseconds each time is off. */
    private interface Errors {
        Map<String, Double> of(HttpResponse<String> answer, CallRecord call);
    }

    /**
     * Asks until all is near enough. Too early is always wrong, but for a loop that had to wait between handing a request over
     * and noting it: what is reckoned from there is as much too short.
     */
    private static void holds(boolean stream, Errors errors) {
        Map<String, Double> best = Map.of();
        double least = Double.MAX_VALUE;
        for (int i = 0; i < MOST_CALLS && least > NEAR_MILLIS; i++) {
            HttpResponse<String> answer = providers.gateway().chat(Answers.ask("pair", stream));
            Map<String, Double> off = errors.of(answer, providers.gateway().call(answer));
            double waited = off.getOrDefault("sent", 0.0) + off.getOrDefault("sent again", 0.0);
            assertThat(off).allSatisfy((time, millis) -> assertThat(millis)
                    .as("%s is too early in %s", time, off)
                    // Headers have three digits.
                    .isGreaterThan(-0.002 - waited));
            double most =
                    off.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            if (most < least) {
                least = most;
                best = off;
            }
        }
        assertThat(least)
                .as("the best of %s calls was off by %s", MOST_CALLS, best)
                .isLessThanOrEqualTo(NEAR_MILLIS);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static double header(HttpResponse<String> answer, String name) {
        return Double.parseDouble(answer.headers().firstValue(name).orElseThrow());
    }

    @Test
    void ofAStream() {
        Noted upstream = new Noted();
        Script script = new Script()
                .run(() -> upstream.asked = System.nanoTime())
                .pause(PAUSE)
                .run(() -> upstream.head = System.nanoTime())
                .then(Script.stream().event(Answers.role()))
                .pause(PAUSE)
                .run(() -> upstream.firstToken = System.nanoTime())
                .event(Answers.text("one"))
                .pause(PAUSE)
                .event(Answers.text("two"))
                .event(Answers.finish())
                .event(Answers.usage())
                .run(() -> upstream.lastToken = System.nanoTime())
                .event("[DONE]")
                .endChunks();
        providers.play(script, Script.json(200, Answers.json("second")));
        holds(true, (answer, call) -> {
            AttemptTimes times = call.served().times();
            Map<String, Double> off = new LinkedHashMap<>();
            // Noted when the bytes have left, which may be when they are read.
            off.put("sent", millis(Math.abs(upstream.asked - times.sent())));
            off.put("headers", millis(times.headers() - upstream.head));
            off.put("first token", millis(times.firstToken() - upstream.firstToken));
            off.put("last token", millis(times.lastToken() - upstream.lastToken));
            off.put("first byte", millis(call.times().firstByte() - upstream.firstToken));
            off.put("done", millis(call.times().done() - upstream.lastToken));
            off.put("upstream", millis(call.upstreamNanos() - (upstream.firstToken - upstream.asked)));
            off.put(
                    "time to first token",
                    millis(call.toFirstTokenNanos().getAsLong() - (upstream.firstToken - upstream.asked)));
            off.put("total", millis(call.times().total() - (upstream.lastToken - upstream.asked)));
            off.put("overhead", millis(call.overheadNanos().getAsLong()));
            off.put("connect", millis(times.toConnect().getAsLong()));
            off.put(
                    "x-mehari-upstream-ms",
                    header(answer, "x-mehari-upstream-ms") - millis(upstream.firstToken - upstream.asked));
            off.put("x-mehari-overhead-ms", header(answer, "x-mehari-overhead-ms"));
            // One token after the first.
            off.put(
                    "tokens a second",
                    Math.abs(1000 / call.tokensPerSecond().getAsDouble()
                            - millis(upstream.lastToken - upstream.firstToken)));
            return off;
        });
    }

    @Test
    void ofAWholeAnswerAfterAnAttemptThatFailed() {
        Noted failed = new Noted();
        Noted served = new Noted();
        providers.play(
                new Script()
                        .run(() -> failed.asked = System.nanoTime())
                        .pause(PAUSE)
                        .run(() -> failed.head = System.nanoTime())
                        .then(Script.json(503, Answers.error("full", "server_error", null))),
                new Script()
                        .run(() -> served.asked = System.nanoTime())
                        .pause(PAUSE)
                        .run(() -> served.head = System.nanoTime())
                        .then(Script.json(200, Answers.json("hello"))));
        holds(false, (answer, call) -> {
            AttemptTimes first = call.attempts().getFirst().times();
            AttemptTimes second = call.served().times();
            long theirs = failed.head - failed.asked + served.head - served.asked;
            Map<String, Double> off = new LinkedHashMap<>();
            off.put("sent", millis(Math.abs(failed.asked - first.sent())));
            off.put("failed", millis(first.ended() - failed.head));
            off.put("sent again", millis(Math.abs(served.asked - second.sent())));
            off.put("headers", millis(second.headers() - served.head));
            off.put("whole answer", millis(second.lastToken() - served.head));
            off.put("first byte", millis(call.times().firstByte() - served.head));
            off.put("upstream", millis(call.upstreamNanos() - theirs));
            off.put("x-mehari-upstream-ms", header(answer, "x-mehari-upstream-ms") - millis(theirs));
            off.put("total", millis(call.times().total() - theirs - pauseBeforeTheSecond(call)));
            off.put("overhead", millis(call.overheadNanos().getAsLong() - pauseBeforeTheSecond(call)));
            return off;
        });
    }

    /** What lies between two attempts is ours, and may be meant. */
    private static long pauseBeforeTheSecond(CallRecord call) {
        return call.served().times().connecting()
                - call.attempts().getFirst().times().ended();
    }
}
