package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * Token counts as a provider reported them, counted as OpenAI counts: {@code promptTokens} includes cached ones,
 * {@code completionTokens} includes reasoning. A count that was not reported is null, never 0 and never negative.
 *
 * @param cachedTokens the part of the prompt read from the provider's cache
 * @param cacheWriteTokens the part of the prompt written to the provider's cache
 * @param reasoningTokens the part of the completion spent on reasoning
 */
public record Usage(
        @Nullable Long promptTokens,
        @Nullable Long completionTokens,
        @Nullable Long cachedTokens,
        @Nullable Long cacheWriteTokens,
        @Nullable Long reasoningTokens) {

    public static Usage of(long promptTokens, long completionTokens) {
        return new Usage(promptTokens, completionTokens, null, null, null);
    }
}
