package dev.mehari.testing;

/** Holds every stream that a test reads to its end to the order of the API that it was asked for in. */
public final class StreamCheck {
    private StreamCheck() {}

    /**
     * Checks it when it is one.
     *
     * @param path that was asked
     * @param contentType of the answer; null: it has none
     */
    public static void check(String path, String contentType, String body) {
        if (contentType == null || !contentType.startsWith("text/event-stream")) {
            return;
        }
        if (path.contains("/responses")) {
            ResponsesStream.check(body);
        } else if (path.contains("/messages")) {
            MessagesStream.check(body);
        } else {
            ChatStream.check(body);
        }
    }
}
