package dev.mehari.usage.trace;

import dev.mehari.chat.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a call's spans, in hex. They follow from what the call is known by, so that nothing has to be kept for it: the
 * request that goes upstream and the span that is made when all is over agree. Immutable.
 *
 * @param trace 32 digits: the client's, when it sent a {@code traceparent}
 * @param root 16 digits: of the call's own span
 * @param parent 16 digits: of the client's span; null: it named none
 */
public record TraceIds(String trace, String root, @Nullable String parent) {
    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;

    /**
     * @param receivedNanos tells calls apart whose clients use one request id twice
     * @param traceparent as it came (W3C Trace Context, level 1); what is malformed counts as none
     */
    public static TraceIds of(String requestId, long receivedNanos, @Nullable String traceparent) {
        String own = Sha256.hex("call " + requestId + ' ' + receivedNanos);
        String root = own.substring(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS);
        if (traceparent == null || !isValid(traceparent)) {
            return new TraceIds(own.substring(0, TRACE_DIGITS), root, null);
        }
        return new TraceIds(traceparent.substring(3, 35), root, traceparent.substring(36, 52));
    }

    /** Of an attempt, by the id that it was given when it began. */
    public static String ofAttempt(String attemptId) {
        return Sha256.hex("attempt " + attemptId).substring(0, SPAN_DIGITS);
    }

    /** What the request of an attempt carries. */
    public String traceparent(String attemptId) {
        return "00-" + trace + '-' + ofAttempt(attemptId) + "-01";
    }

    /** {@code 00-<32 hex>-<16 hex>-<2 hex>}, neither id all zeros; later versions may have more after that. */
    private static boolean isValid(String text) {
        boolean fits = text.length() == 55 || (text.length() > 55 && text.charAt(55) == '-' && !text.startsWith("00"));
        return fits
                && text.charAt(2) == '-'
                && text.charAt(35) == '-'
                && text.charAt(52) == '-'
                && isHex(text, 0, 2)
                && !text.startsWith("ff")
                && isHex(text, 3, 35)
                && isHex(text, 36, 52)
                && isHex(text, 53, 55)
                && !isZero(text, 3, 35)
                && !isZero(text, 36, 52);
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
