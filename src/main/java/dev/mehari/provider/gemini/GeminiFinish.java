package dev.mehari.provider.gemini;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;

/** What Gemini's {@code finishReason}s mean. Source: protocols page of Gemini §7, state 2026-11-21. */
final class GeminiFinish {
    private GeminiFinish() {}

    static FinishReason reason(String finish) {
        return switch (finish) {
            // A long answer that goes on in another request; to the client it is one that is cut short.
            case "MAX_TOKENS", "CONTINUATION" -> FinishReason.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "LANGUAGE",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.STOP;
        };
    }

    /** Whether an answer that ended so, and is empty, is none: another deployment may do better. */
    static boolean isFault(String finish) {
        return !finish.equals("STOP") && reason(finish) == FinishReason.STOP;
    }

    /** The prompt was refused: no candidate comes. */
    static ChatEvent.Finish blocked() {
        return new ChatEvent.Finish(0, FinishReason.CONTENT_FILTER);
    }
}
