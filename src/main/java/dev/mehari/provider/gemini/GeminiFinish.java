package dev.mehari.provider.gemini;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;

/**
 * What Gemini's {@code finishReason}s mean. Source: protocols page of Gemini §7, state 2026-11-21; {@code MODEL_ARMOR}, of
 * Vertex AI alone: {@code Candidate.FinishReason} of its API.
 */
final class GeminiFinish {
    private GeminiFinish() {}

    static FinishReason reason(String finish) {
        return switch (finish) {
            // CONTINUATION: goes on in another request, with a token that no client API has a place for; to the
            // client it is cut short.
            case "MAX_TOKENS", "CONTINUATION" -> FinishReason.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "LANGUAGE",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> FinishReason.CONTENT_FILTER;
            // STOP, and faults of the model's, known (MALFORMED_FUNCTION_CALL, NO_IMAGE, OTHER, …) and to come.
            default -> FinishReason.STOP;
        };
    }

    /** Whether an answer that ended so, and is empty, is none: another deployment may do better. */
    static boolean isFault(String finish) {
        return !finish.equals("STOP") && reason(finish) == FinishReason.STOP;
    }

    /** Whether it says more than the reason that clients are given. */
    static boolean isLossy(String finish) {
        return !finish.equals("STOP") && !finish.equals("MAX_TOKENS");
    }

    /** The prompt was refused: no candidate comes. */
    static ChatEvent.Finish blocked() {
        return new ChatEvent.Finish(0, FinishReason.CONTENT_FILTER);
    }
}
