package dev.mehari.usage.trace;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import io.opentelemetry.api.common.AttributeKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private static final Map<UsageDetail, String> INPUT_PARTS = inputParts();
    private static final Map<UsageDetail, String> OUTPUT_PARTS = names(
            "output_",
            UsageDetail.REASONING,
            UsageDetail.COMPLETION_AUDIO,
            UsageDetail.COMPLETION_IMAGE,
            UsageDetail.COMPLETION_VIDEO,
            UsageDetail.ACCEPTED_PREDICTION,
            UsageDetail.REJECTED_PREDICTION);

    private Langfuse() {}

    static AttributeKey<String> metadata(String name) {
        return stringKey("langfuse.trace.metadata." + name);
    }

    /**
     * As a JSON object. Its keys add up, where totals elsewhere hold their parts: what is counted under two names is the
     * first. What is no token would be one there, without a total.
     */
    static String usage(Usage usage) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        parts(usage, usage.promptTokens(), "input", INPUT_PARTS, told);
        parts(usage, usage.completionTokens(), "output", OUTPUT_PARTS, told);
        long tokens = 0;
        for (JsonNode count : told) {
            tokens += count.longValue();
        }
        boolean more = false;
        for (UsageDetail detail : UsageDetail.of(UsageDetail.Part.SERVER_TOOLS)) {
            Long count = usage.count(detail);
            if (count != null && count > 0) {
                told.put(detail.label(), count);
                more = true;
            }
        }
        if (more) {
            told.put("total", tokens);
        }
        return Json.text(told);
    }

    private static void parts(
            Usage usage, @Nullable Long all, String name, Map<UsageDetail, String> parts, ObjectNode told) {
        if (all == null) {
            return;
        }
        told.put(name, all);
        long left = all;
        for (Map.Entry<UsageDetail, String> part : parts.entrySet()) {
            Long count = usage.count(part.getKey());
            if (count != null && count > 0) {
                long taken = Math.min(left, ofItsOwn(usage, part.getKey(), count));
                told.put(part.getValue(), taken);
                left -= taken;
            }
        }
        told.put(name, left);
    }

    /** What is kept for an hour is part of what is written. */
    private static long ofItsOwn(Usage usage, UsageDetail detail, long count) {
        Long hour = detail == UsageDetail.CACHE_WRITE ? usage.count(UsageDetail.LONG_CACHE_WRITE) : null;
        return hour == null ? count : Math.max(0, count - hour);
    }

    private static Map<UsageDetail, String> names(String prefix, UsageDetail... details) {
        Map<UsageDetail, String> names = new EnumMap<>(UsageDetail.class);
        for (UsageDetail detail : details) {
            names.put(detail, prefix + detail.wire());
        }
        return names;
    }

    private static Map<UsageDetail, String> inputParts() {
        Map<UsageDetail, String> names = names(
                "input_",
                UsageDetail.CACHED,
                UsageDetail.PROMPT_AUDIO,
                UsageDetail.PROMPT_IMAGE,
                UsageDetail.PROMPT_VIDEO,
                UsageDetail.PROMPT_DOCUMENT,
                UsageDetail.PROMPT_TOOL_USE);
        // Its own names, by which it has prices.
        names.put(UsageDetail.CACHE_WRITE, "input_cache_creation");
        names.put(UsageDetail.LONG_CACHE_WRITE, "input_cache_creation_1h");
        return names;
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
