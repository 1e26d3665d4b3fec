package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import org.jspecify.annotations.Nullable;

/**
 * Reads Converse's {@code usage}, whose {@code inputTokens} leave out what the cache read or wrote. Source: Bedrock API
 * reference, TokenUsage, read 2026-11-21.
 */
final class BedrockUsage {
    private BedrockUsage() {}

    static Usage read(JsonNode usage) {
        Long input = count(usage, "inputTokens");
        Long read = count(usage, "cacheReadInputTokens");
        Long written = count(usage, "cacheWriteInputTokens");
        Long prompt = input == null ? null : (Long) (input + orNone(read) + orNone(written));
        return Usage.of(prompt, count(usage, "outputTokens"))
                .with(UsageDetail.CACHED, read)
                .with(UsageDetail.CACHE_WRITE, written)
                .with(UsageDetail.LONG_CACHE_WRITE, writtenForLong(usage));
    }

    /** Once anything is told by its time, what is not told is none. */
    private static @Nullable Long writtenForLong(JsonNode usage) {
        for (JsonNode detail : usage.path("cacheDetails")) {
            if (detail.path("ttl").asText().equals("1h")) {
                return count(detail, "inputTokens");
            }
        }
        return usage.path("cacheDetails").isEmpty() ? null : (Long) 0L;
    }

    private static @Nullable Long count(JsonNode object, String name) {
        JsonNode count = object.path(name);
        return count.isIntegralNumber() && count.longValue() >= 0 ? (Long) count.longValue() : null;
    }

    private static long orNone(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
