package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    private final Map<UsageDetail, Long> details = new EnumMap<>(UsageDetail.class);
    private final ObjectNode others = Json.MAPPER.createObjectNode();
    private @Nullable String serviceTier;

    /** @param parser on the object's first token; it is read to its last */
    void read(JsonParser parser) throws IOException {
        read(parser, null);
    }

    /** @param within the object that it is a detail of; null: none */
    private void read(JsonParser parser, @Nullable String within) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_NUMBER_INT) {
                take(name, Json.count(parser), within);
            } else if (token == JsonToken.VALUE_STRING && name.equals("service_tier")) {
                serviceTier = tier(parser.getText());
            } else if (token == JsonToken.START_OBJECT && isDetail(name)) {
                read(parser, name);
            } else if (token != JsonToken.VALUE_NULL) {
                other(within, name, Json.tree(parser));
            }
        }
    }

    private static boolean isDetail(String name) {
        return name.equals("cache_creation") || name.equals("output_tokens_details") || name.equals("server_tool_use");
    }

    private void take(String name, long count, @Nullable String within) {
        switch (name) {
            case "input_tokens" -> input = Math.max(input, count);
            case "output_tokens" -> output = Math.max(output, count);
            case "cache_read_input_tokens" -> take(UsageDetail.CACHED, count);
            case "cache_creation_input_tokens" -> take(UsageDetail.CACHE_WRITE, count);
            case "ephemeral_1h_input_tokens" -> take(UsageDetail.LONG_CACHE_WRITE, count);
            // What is left of the writes.
            case "ephemeral_5m_input_tokens" -> {}
            case "thinking_tokens" -> take(UsageDetail.REASONING, count);
            default -> {
                UsageDetail detail = UsageDetail.of(UsageDetail.Part.SERVER_TOOLS, name);
                if (detail == null) {
                    other(within, name, Json.MAPPER.getNodeFactory().numberNode(count));
                } else {
                    take(detail, count);
                }
            }
        }
    }

    private void take(UsageDetail detail, long count) {
        if (count >= 0) {
            details.merge(detail, count, Math::max);
        }
    }

    private void other(@Nullable String within, String name, JsonNode value) {
        place(within).set(name, value);
    }

    /** What was no object when it was told before is one now. */
    private ObjectNode place(@Nullable String within) {
        if (within == null) {
            return others;
        }
        return others.path(within) instanceof ObjectNode known ? known : others.putObject(within);
    }

    /** What no client's API has a place for: {@code inference_geo}, {@code speed}, {@code iterations}, … */
    JsonNode others() {
        return others;
    }

    /** What is known so far; null when nothing is. */
    ChatEvent.@Nullable UsageReport report() {
        if (input < 0 && output < 0) {
            return null;
        }
        long cache = details.getOrDefault(UsageDetail.CACHED, 0L) + details.getOrDefault(UsageDetail.CACHE_WRITE, 0L);
        Long prompt = input < 0 ? null : (Long) (input + cache);
        return new ChatEvent.UsageReport(new Usage(prompt, output < 0 ? null : (Long) output, details), serviceTier);
    }

    /** OpenAI's word for it, which its clients insist on. */
    private static String tier(String theirs) {
        return theirs.equals("standard") ? "default" : theirs;
    }
}
