package dev.mehari.provider.demo;

import dev.mehari.chat.GatewayException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the demo provider behaves, told by the model's name.
 *
 * <table>
 * <caption>Names</caption>
 * <tr><td>{@code demo}</td><td>answers, with the configured delay before each word</td></tr>
 * <tr><td>{@code demo-slow}</td><td>2 s until the first word, 200 ms before each further one</td></tr>
 * <tr><td>{@code demo-delay-50}</td><td>50 ms before each word</td></tr>
 * <tr><td>{@code demo-cut}</td><td>breaks off after {@value #WORDS_BEFORE_CUT} words</td></tr>
 * <tr><td>{@code demo-error-503}</td><td>fails with that status, 400 to 599</td></tr>
 * </table>
 *
 * A number after {@code demo}, {@code demo-slow} or {@code demo-cut} is the delay of a word in milliseconds too, at
 * most 60000. Any other name behaves as {@code demo}.
 *
 * @param firstDelay before the first word
 * @param wordDelay before each further word
 * @param cut whether it breaks off mid-stream
 * @param failure with what it fails at once; null: it does not
 */
record DemoModel(
        Duration firstDelay,
        Duration wordDelay,
        boolean cut,
        @Nullable GatewayException failure) {
    static final Duration SLOW_FIRST_DELAY = Duration.ofSeconds(2);
    static final Duration SLOW_WORD_DELAY = Duration.ofMillis(200);
    static final int WORDS_BEFORE_CUT = 3;

    private static final int LONGEST_DELAY_MILLIS = 60_000;
    private static final Pattern FAILING = Pattern.compile("demo-error-(\\d{3})");
    private static final Pattern TIMED = Pattern.compile("demo(?:-(slow|cut|delay))?(?:-(\\d{1,9}))?");

    static DemoModel named(String name, Duration usualDelay) {
        Matcher failing = FAILING.matcher(name);
        if (failing.matches()) {
            int status = Integer.parseInt(failing.group(1));
            return new DemoModel(Duration.ZERO, Duration.ZERO, false, failure(name, status));
        }
        Matcher timed = TIMED.matcher(name);
        if (!timed.matches()) {
            return new DemoModel(usualDelay, usualDelay, false, null);
        }
        boolean slow = "slow".equals(timed.group(1));
        String millis = timed.group(2);
        Duration word = millis != null
                ? Duration.ofMillis(Math.min(Integer.parseInt(millis), LONGEST_DELAY_MILLIS))
                : slow ? SLOW_WORD_DELAY : usualDelay;
        return new DemoModel(slow ? SLOW_FIRST_DELAY : word, word, "cut".equals(timed.group(1)), null);
    }

    /** What the gateway makes of that status when a real provider answers with it. */
    private static GatewayException failure(String name, int status) {
        String message = "the demo provider fails with status " + status + ", as the model \"" + name + "\" asks for";
        return switch (status) {
            case 401, 403 -> new GatewayException.UpstreamRefusedUs("demo");
            case 402 -> new GatewayException.BudgetExceeded(message);
            case 404 -> new GatewayException.ModelNotFound(message);
            case 408, 504 -> new GatewayException.UpstreamTimeout(message);
            case 429 -> new GatewayException.RateLimited("requests", message, Duration.ofSeconds(1));
            case 503, 529 -> new GatewayException.UpstreamUnavailable(503, message, null);
            default -> {
                if (status < 400 || status > 599) {
                    yield new GatewayException.ModelNotFound(
                            "the demo provider has no model \"" + name + "\"; demo-error-400 to demo-error-599 exist");
                }
                yield status < 500
                        ? new GatewayException.InvalidRequest(status, "invalid_request_error", null, null, message)
                        : new GatewayException.UpstreamUnavailable(502, message, null);
            }
        };
    }
}
