package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * Token counts as a provider reported them, counted as OpenAI counts: {@code promptTokens} includes cached ones,
 * {@code completionTokens} includes reasoning. A count that was not reported is null, never 0 and never negative.
 *
 * @param cachedTokens the part of the prompt read from the provider's cache
 * @param cacheWriteTokens the part of the prompt written to the provider's cache
 * @param longCacheWriteTokens the part of those that is kept for an hour, which costs more (Anthropic)
 * @param reasoningTokens the part of the completion spent on reasoning
 * @param promptAudioTokens the part of the prompt that is sound
 * @param completionAudioTokens the part of the completion that is sound
 */
public record Usage(
        @Nullable Long promptTokens,
        @Nullable Long completionTokens,
        @Nullable Long cachedTokens,
        @Nullable Long cacheWriteTokens,
        @Nullable Long longCacheWriteTokens,
        @Nullable Long reasoningTokens,
        @Nullable Long promptAudioTokens,
        @Nullable Long completionAudioTokens) {

    public static Usage of(@Nullable Long promptTokens, @Nullable Long completionTokens) {
        return new Usage(promptTokens, completionTokens, null, null, null, null, null, null);
    }

    public Usage withCache(@Nullable Long read, @Nullable Long written, @Nullable Long writtenLong) {
        return new Usage(
                promptTokens,
                completionTokens,
                read,
                written,
                writtenLong,
                reasoningTokens,
                promptAudioTokens,
                completionAudioTokens);
    }

    public Usage withReasoning(@Nullable Long tokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                longCacheWriteTokens,
                tokens,
                promptAudioTokens,
                completionAudioTokens);
    }

    public Usage withAudio(@Nullable Long prompt, @Nullable Long completion) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                longCacheWriteTokens,
                reasoningTokens,
                prompt,
                completion);
    }

    /** All tokens together; null unless both parts are known. */
    public @Nullable Long totalTokens() {
        return promptTokens == null || completionTokens == null ? null : (Long) (promptTokens + completionTokens);
    }
}
