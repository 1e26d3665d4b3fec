package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code usage} object, in either of OpenAI's shapes or that of hosts near it. Counts that are null or negative are absent.
 *
 * <p>Source: OpenAI API reference, CompletionUsage and ResponseUsage; DeepSeek's {@code prompt_cache_hit_tokens}; Mistral's
 * {@code num_cached_tokens}; xAI's counts by kind; OpenRouter's {@code server_tool_use}; read 2026-11-21.
 */
final class OpenAiUsage {
    private @Nullable Long prompt;
    private @Nullable Long completion;
    private final Map<UsageDetail, Long> details = new EnumMap<>(UsageDetail.class);

    private OpenAiUsage() {}

    /** @param parser on the object's first token; it is read to its last */
    static Usage read(JsonParser parser) throws IOException {
        OpenAiUsage usage = new OpenAiUsage();
        usage.object(parser, "");
        return new Usage(usage.prompt, usage.completion, usage.details);
    }

    /**
     * Reads the {@code tool_usage} of a Response, which stands beside its {@code usage}.
     *
     * @param parser on the object's first token; it is read to its last
     * @return how often the provider has searched the web, which it bills one by one; null: it does not tell
     */
    static @Nullable Long searches(JsonParser parser) throws IOException {
        JsonNode told = Json.tree(parser).path("web_search").path("num_requests");
        return told.isIntegralNumber() && told.longValue() >= 0 ? (Long) told.longValue() : null;
    }

    private void object(JsonParser parser, String within) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                object(parser, name);
            } else if (token.isNumeric()) {
                take(within, name, Json.count(parser));
            } else {
                parser.skipChildren();
            }
        }
    }

    /** @param within the details it stands in; those of the prompt and of the completion have names in common */
    private void take(String within, String name, long count) {
        if (count < 0) {
            return;
        }
        switch (name) {
            case "prompt_tokens", "input_tokens" -> prompt = count;
            case "completion_tokens", "output_tokens" -> completion = count;
            case "cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens" ->
                details.put(UsageDetail.CACHED, count);
            case "cache_write_tokens" -> details.put(UsageDetail.CACHE_WRITE, count);
            case "reasoning_tokens" -> details.put(UsageDetail.REASONING, count);
            case "audio_tokens" ->
                details.put(
                        part(within) == UsageDetail.Part.COMPLETION
                                ? UsageDetail.COMPLETION_AUDIO
                                : UsageDetail.PROMPT_AUDIO,
                        count);
            default -> {
                UsageDetail.Part part = part(within);
                UsageDetail detail = part == null ? null : UsageDetail.of(part, name);
                if (detail != null) {
                    details.put(detail, count);
                }
            }
        }
    }

    private static UsageDetail.@Nullable Part part(String within) {
        return switch (within) {
            case "prompt_tokens_details", "input_tokens_details" -> UsageDetail.Part.PROMPT;
            case "completion_tokens_details", "output_tokens_details" -> UsageDetail.Part.COMPLETION;
            case "server_tool_use" -> UsageDetail.Part.SERVER_TOOLS;
            default -> null;
        };
    }
}
