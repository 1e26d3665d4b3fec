package dev.mehari.transport;

import dev.mehari.chat.Ids;
import io.vertx.core.http.HttpServerRequest;

/** The id of a request: the client's own {@code x-request-id} when it is a harmless one, else a new one. */
final class RequestId {
    private static final int MAX_LENGTH = 128;

    /** Enough for milliseconds until the year 5188. */
    private static final int TIME_LENGTH = 9;

    private RequestId() {}

    static String of(HttpServerRequest request) {
        String given = request.getHeader("x-request-id");
        return given != null && isHarmless(given) ? given : random();
    }

    /**
     * One that rises with time, so that the request log's index of them grows at its end: with random ones each row wrote
     * a page of its own.
     */
    static String random() {
        String time = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        return Ids.random("req_" + "0".repeat(TIME_LENGTH - time.length()) + time, 20 - TIME_LENGTH);
    }

    private static boolean isHarmless(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && c != '-' && c != '_' && c != '.' && c != ':') {
                return false;
            }
        }
        return true;
    }
}
