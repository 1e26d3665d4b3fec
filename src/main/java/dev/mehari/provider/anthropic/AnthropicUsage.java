package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the {@code usage} objects of one answer. A stream tells it more than once, each time the whole so far, and not
 * always every count: the largest of each is the last. Anthropic's {@code input_tokens} leaves out what its cache read
 * and wrote; the hub's prompt tokens hold all.
 *
 * <p>Source: Anthropic API reference, Usage, read 2026-11-21. One instance an answer.
 */
final class AnthropicUsage {
    private long input = -1;
    private long output = -1;
    private long cacheRead = -1;
    private long cacheWrite = -1;
    private long longCacheWrite = -1;
    private long thinking = -1;
    private final Map<UsageDetail, Long> serverTools = new EnumMap<>(UsageDetail.class);
    private @Nullable String serviceTier;

    /** @param parser on the object's first token; it is read to its last */
    void read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_NUMBER_INT) {
                take(name, Json.count(parser));
            } else if (token == JsonToken.VALUE_STRING && name.equals("service_tier")) {
                serviceTier = tier(parser.getText());
            } else if (token == JsonToken.START_OBJECT && isDetail(name)) {
                read(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static boolean isDetail(String name) {
        return name.equals("cache_creation") || name.equals("output_tokens_details") || name.equals("server_tool_use");
    }

    private void take(String name, long count) {
        switch (name) {
            case "input_tokens" -> input = Math.max(input, count);
            case "output_tokens" -> output = Math.max(output, count);
            case "cache_read_input_tokens" -> cacheRead = Math.max(cacheRead, count);
            case "cache_creation_input_tokens" -> cacheWrite = Math.max(cacheWrite, count);
            case "ephemeral_1h_input_tokens" -> longCacheWrite = Math.max(longCacheWrite, count);
            case "thinking_tokens" -> thinking = Math.max(thinking, count);
            default -> takeOfServerTools(name, count);
        }
    }

    private void takeOfServerTools(String name, long count) {
        UsageDetail detail = UsageDetail.of(UsageDetail.Part.SERVER_TOOLS, name);
        if (detail != null && count >= 0) {
            serverTools.merge(detail, count, Math::max);
        }
    }

    /** What is known so far; null when nothing is. */
    ChatEvent.@Nullable UsageReport report() {
        if (input < 0 && output < 0) {
            return null;
        }
        Long prompt = input < 0 ? null : (Long) (input + Math.max(cacheRead, 0) + Math.max(cacheWrite, 0));
        Usage usage = Usage.of(prompt, known(output))
                .withCache(known(cacheRead), known(cacheWrite), known(longCacheWrite))
                .withReasoning(known(thinking))
                .withDetails(serverTools);
        return new ChatEvent.UsageReport(usage, serviceTier);
    }

    /** OpenAI's word for it, which its clients insist on. */
    private static String tier(String theirs) {
        return theirs.equals("standard") ? "default" : theirs;
    }

    private static @Nullable Long known(long count) {
        return count < 0 ? null : (Long) count;
    }
}
