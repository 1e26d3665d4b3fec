package dev.mehari.call;

/** What a path tells of a call that was refused before it was read. */
final class Doors {
    static final String COUNT_TOKENS = "count_tokens";

    private Doors() {}

    /** The dialect spoken there; {@code other} at a door of an operator's own. */
    static String dialect(String path) {
        if (path.contains("/chat/completions")) {
            return "chat";
        }
        if (path.contains("/messages")) {
            return "messages";
        }
        if (path.endsWith("/responses")) {
            return "responses";
        }
        return path.endsWith("/embeddings") ? "embeddings" : "other";
    }

    static String operation(String path) {
        if (path.endsWith("/count_tokens")) {
            return COUNT_TOKENS;
        }
        return path.endsWith("/embeddings") ? "embeddings" : "chat";
    }
}
