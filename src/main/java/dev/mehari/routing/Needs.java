package dev.mehari.routing;

import org.jspecify.annotations.Nullable;

/**
 * What a call asks of whoever serves it. Immutable.
 *
 * @param promptTokens an estimate: a token for every four characters
 * @param maxTokens the most output tokens asked for; 0 when the client set no limit
 * @param images whether the prompt holds images
 * @param session what sticky groups go by; null when the call belongs to none
 * @param keeper the provider that keeps the conversation it goes on with, and should be asked first; null: none
 */
public record Needs(
        long promptTokens,
        long maxTokens,
        boolean tools,
        boolean images,
        boolean stream,
        @Nullable String session,
        @Nullable String keeper) {
    private static final int CHARS_PER_TOKEN = 4;

    /** Of a call that begins a conversation, or brings it along. */
    public Needs(
            long promptTokens,
            long maxTokens,
            boolean tools,
            boolean images,
            boolean stream,
            @Nullable String session) {
        this(promptTokens, maxTokens, tools, images, stream, session, null);
    }

    /** The common estimate for English text and code, as OpenAI's help pages give it. */
    public static long promptTokens(int promptChars) {
        return promptChars / CHARS_PER_TOKEN;
    }

    /** What is reserved of a limit on tokens, until the real usage is known. */
    public long tokens() {
        return promptTokens + maxTokens;
    }
}
