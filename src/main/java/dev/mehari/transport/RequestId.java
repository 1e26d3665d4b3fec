package dev.mehari.transport;

import dev.mehari.chat.Ids;
import io.vertx.core.http.HttpServerRequest;

/** The id of a request: the client's own {@code x-request-id} when it is a harmless one, else a new one. */
final class RequestId {
    private static final int MAX_LENGTH = 128;

    private RequestId() {}

    static String of(HttpServerRequest request) {
        String given = request.getHeader("x-request-id");
        return given != null && isHarmless(given) ? given : random();
    }

    static String random() {
        return Ids.random("req_", 20);
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
