package dev.mehari.usage.trace;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The attributes that Langfuse reads beside those of OpenTelemetry, first of all. */
final class Langfuse {
    static final AttributeKey<String> TYPE = stringKey("langfuse.observation.type");
    static final AttributeKey<String> MODEL = stringKey("langfuse.observation.model.name");
    static final AttributeKey<String> INPUT = stringKey("langfuse.observation.input");
    static final AttributeKey<String> OUTPUT = stringKey("langfuse.observation.output");
    static final AttributeKey<String> USAGE = stringKey("langfuse.observation.usage_details");
    static final AttributeKey<String> COST = stringKey("langfuse.observation.cost_details");
    static final AttributeKey<String> FIRST_TOKEN = stringKey("langfuse.observation.completion_start_time");
    static final AttributeKey<String> LEVEL = stringKey("langfuse.observation.level");
    static final AttributeKey<String> MESSAGE = stringKey("langfuse.observation.status_message");
    static final AttributeKey<String> USER = stringKey("langfuse.user.id");
    static final AttributeKey<String> SESSION = stringKey("langfuse.session.id");
    static final AttributeKey<String> TRACE_NAME = stringKey("langfuse.trace.name");
    static final AttributeKey<List<String>> TAGS = stringArrayKey("langfuse.trace.tags");
    static final AttributeKey<String> ENVIRONMENT = stringKey("langfuse.environment");
    static final AttributeKey<Boolean> AS_ROOT = booleanKey("langfuse.internal.as_root");

    private static final int LONGEST_ENVIRONMENT = 40;

    private Langfuse() {}

    static AttributeKey<String> metadata(String name) {
        return stringKey("langfuse.trace.metadata." + name);
    }

    /** As a JSON object. Its keys add up, where totals elsewhere hold their parts. */
    static String usage(Usage usage) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        put(told, "input", usage.promptTokens(), usage.cachedTokens(), usage.cacheWriteTokens());
        put(told, "output", usage.completionTokens(), usage.reasoningTokens(), null);
        put(told, "input_cached_tokens", usage.cachedTokens(), null, null);
        put(told, "input_cache_creation", usage.cacheWriteTokens(), null, null);
        put(told, "output_reasoning_tokens", usage.reasoningTokens(), null, null);
        return Json.text(told);
    }

    private static void put(
            ObjectNode told, String name, @Nullable Long all, @Nullable Long part, @Nullable Long otherPart) {
        if (all != null) {
            told.put(name, Math.max(0, all - (part == null ? 0 : part) - (otherPart == null ? 0 : otherPart)));
        }
    }

    /** As it takes names of environments: {@code [a-z0-9-_]}, at most 40, not beginning with its own name. */
    static @Nullable String environment(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String fits = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
        String own = fits.startsWith("langfuse") ? "x-" + fits : fits;
        return own.length() > LONGEST_ENVIRONMENT ? own.substring(0, LONGEST_ENVIRONMENT) : own;
    }
}
