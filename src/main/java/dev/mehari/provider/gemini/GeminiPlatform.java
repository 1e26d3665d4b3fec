package dev.mehari.provider.gemini;

/** The two ways in to the same models, and in what they differ. Source: js-genai's converters, read 2026-11-21. */
enum GeminiPlatform {
    /** Google AI Studio, with a key: it numbers function calls, and reads no address but those of its own files. */
    AI_STUDIO,

    /**
     * Vertex AI, with access tokens: it refuses ids of function calls (older versions do), reads {@code gs://} and
     * {@code https://}, and takes labels.
     */
    VERTEX;

    /** Whether it takes ids with function calls and their results, from models that give them. */
    boolean numbersCalls(GeminiModel model) {
        return this == AI_STUDIO && model.since(3);
    }

    /** Whether it reads what is at that address itself; what is there is told by its type, which must be known. */
    boolean reads(String url) {
        if (url.startsWith("https://www.youtube.com/") || url.startsWith("https://youtu.be/")) {
            return true;
        }
        return switch (this) {
            case AI_STUDIO -> url.startsWith("https://generativelanguage.googleapis.com/");
            case VERTEX ->
                url.startsWith("gs://") || (url.startsWith("https://") && MediaTypes.ofName(path(url)) != null);
        };
    }

    /** An address without query and fragment. */
    static String path(String url) {
        int end = url.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = url.indexOf(mark);
            end = at >= 0 && at < end ? at : end;
        }
        return url.substring(0, end);
    }
}
