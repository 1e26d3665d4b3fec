package dev.mehari.transport;

import dev.mehari.chat.GatewayException.HttpFault;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;

/** Looks at the head of a request before anything is decided on it, the same for HTTP/1 and 2. */
final class RequestHead {
    private RequestHead() {}

    /**
     * @param most headers that a request may have
     * @throws HttpFault 431 it has more; 400 it has two of those that say who calls: a proxy may have looked at the other; 400
     *     one holds what no header may, which HTTP/1's decoder has looked for
     */
    static void check(HttpServerRequest request, int most) {
        int count = 0;
        boolean authorized = false;
        boolean keyed = false;
        boolean unread = request.version() == HttpVersion.HTTP_2;
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            if (++count > most) {
                throw Refusals.tooManyHeaders();
            }
            if (unread && !isText(header.getValue())) {
                throw new HttpFault(400, null, "The header " + name + " holds a control character.");
            }
            if (is(name, "authorization")) {
                requireFirst(authorized, name);
                authorized = true;
            } else if (is(name, "x-api-key")) {
                requireFirst(keyed, name);
                keyed = true;
            }
        }
    }

    /** RFC 9110 §5.5. */
    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(String name, String other) {
        return name.length() == other.length() && name.equalsIgnoreCase(other);
    }

    private static void requireFirst(boolean seen, String name) {
        if (seen) {
            throw new HttpFault(400, "duplicate_header", "The header " + name + " is there more than once.");
        }
    }

    /**
     * Lets a client send its body that waits for our word.
     *
     * @throws HttpFault 417 it expects something else
     */
    static void askForBody(HttpServerRequest request) {
        String expected = request.getHeader("expect");
        if (expected == null) {
            return;
        }
        if (!expected.equalsIgnoreCase("100-continue")) {
            throw new HttpFault(417, "expectation_failed", "The only expectation met here is 100-continue.");
        }
        request.response().writeContinue();
    }
}
