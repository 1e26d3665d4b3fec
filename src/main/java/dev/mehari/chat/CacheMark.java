package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * The prompt up to here is worth caching: Anthropic's {@code cache_control}, Bedrock's {@code cachePoint}, OpenAI's
 * {@code prompt_cache_breakpoint}.
 *
 * @param ttl how long, as the client wrote it ({@code 5m}, {@code 30m}, {@code 1h}, {@code 12h}); null: the provider's
 *     default
 */
public record CacheMark(@Nullable String ttl) {}
