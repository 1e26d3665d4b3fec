package dev.mehari.chat;

import java.util.Map;
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
 * @param details what else was told, in no order; such a count is in the sums already
 */
public record Usage(
        @Nullable Long promptTokens,
        @Nullable Long completionTokens,
        @Nullable Long cachedTokens,
        @Nullable Long cacheWriteTokens,
        @Nullable Long longCacheWriteTokens,
        @Nullable Long reasoningTokens,
        @Nullable Long promptAudioTokens,
        @Nullable Long completionAudioTokens,
        Map<UsageDetail, Long> details) {
    public Usage {
        details = Map.copyOf(details);
    }

    public static Usage of(@Nullable Long promptTokens, @Nullable Long completionTokens) {
        return new Usage(promptTokens, completionTokens, null, null, null, null, null, null, Map.of());
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
                completionAudioTokens,
                details);
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
                completionAudioTokens,
                details);
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
                completion,
                details);
    }

    public Usage withDetails(Map<UsageDetail, Long> told) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                longCacheWriteTokens,
                reasoningTokens,
                promptAudioTokens,
                completionAudioTokens,
                told);
    }

    /** The same, with the sums as they are held to be. */
    public Usage withSums(@Nullable Long prompt, @Nullable Long completion) {
        return new Usage(
                prompt,
                completion,
                cachedTokens,
                cacheWriteTokens,
                longCacheWriteTokens,
                reasoningTokens,
                promptAudioTokens,
                completionAudioTokens,
                details);
    }

    /** The part written to the cache for some minutes only; null unless the provider told the two apart. */
    public @Nullable Long shortCacheWriteTokens() {
        return longCacheWriteTokens == null
                ? null
                : (Long) Math.max(0, (cacheWriteTokens == null ? 0 : cacheWriteTokens) - longCacheWriteTokens);
    }

    /** Whether there are written tokens to tell apart by the time they are kept. */
    public boolean hasCacheTimes() {
        return longCacheWriteTokens != null
                && (longCacheWriteTokens > 0 || (cacheWriteTokens != null && cacheWriteTokens > 0));
    }

    /** All tokens together; null unless both parts are known. */
    public @Nullable Long totalTokens() {
        return promptTokens == null || completionTokens == null ? null : (Long) (promptTokens + completionTokens);
    }
}
