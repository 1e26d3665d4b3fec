package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.dialect.ProviderBlock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Response object of one call, at any point of its life. Every key that OpenAI always sends is there; what the
 * client asked for is repeated as it wrote it. Immutable.
 */
final class ResponseObject {
    private static final String NO_IMAGES = "{\"input_tokens\":0,\"input_tokens_details\":{\"image_tokens\":0,"
            + "\"text_tokens\":0},\"output_tokens\":0,\"total_tokens\":0}";

    private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

    static {
        for (String nullable : List.of(
                "instructions",
                "max_output_tokens",
                "max_tool_calls",
                "previous_response_id",
                "prompt_cache_key",
                "safety_identifier",
                "temperature",
                "top_logprobs",
                "top_p",
                "user")) {
            DEFAULTS.put(nullable, "null");
        }
        DEFAULTS.put("background", "false");
        DEFAULTS.put("metadata", "{}");
        DEFAULTS.put("parallel_tool_calls", "true");
        DEFAULTS.put("reasoning", "{\"effort\":null,\"summary\":null}");
        DEFAULTS.put("store", "true");
        DEFAULTS.put("tool_choice", "\"auto\"");
        DEFAULTS.put("tools", "[]");
        DEFAULTS.put("truncation", "\"disabled\"");
    }

    private final String id;
    private final long created;
    private final String model;
    private final byte[] echo;
    private final @Nullable String askedTier;

    /** @param created Unix seconds */
    ResponseObject(String id, long created, String model, JsonObject request) {
        this.id = id;
        this.created = created;
        this.model = model;
        this.echo = echo(request);
        Field tier = request.field("service_tier");
        this.askedTier = tier == null ? null : request.text(tier);
    }

    /**
     * How a response stands.
     *
     * @param status {@code in_progress}, {@code completed}, {@code incomplete}, {@code failed} or {@code cancelled}
     * @param others parts of the answer that no item has a place for
     * @param providerFields as {@link dev.mehari.chat.ChatEvent.ProviderFields}
     * @param incomplete why it is incomplete
     * @param completed Unix seconds
     */
    record State(
            String status,
            List<byte[]> output,
            List<ProviderBlock> others,
            @Nullable JsonNode providerFields,
            @Nullable Usage usage,
            @Nullable String serviceTier,
            @Nullable String incomplete,
            @Nullable GatewayException error,
            @Nullable Long completed) {
        static final State IN_PROGRESS =
                new State("in_progress", List.of(), List.of(), null, null, null, null, null, null);
    }

    String id() {
        return id;
    }

    /** Appends it as one JSON object. */
    void write(State state, ByteSink out) {
        Json.quote(id, out.write("{\"id\":")).write(",\"object\":\"response\",\"created_at\":");
        out.write(Long.toString(created)).write(",\"completed_at\":").write(String.valueOf(state.completed()));
        out.write(",\"status\":\"").write(state.status()).write("\",\"error\":");
        error(state.error(), out);
        out.write(",\"incomplete_details\":");
        if (state.incomplete() == null) {
            out.write("null");
        } else {
            out.write("{\"reason\":\"" + state.incomplete() + "\"}");
        }
        Json.quote(model, out.write(",\"model\":")).write(",\"output\":[");
        for (int i = 0; i < state.output().size(); i++) {
            out.write(i == 0 ? "" : ",").write(state.output().get(i));
        }
        out.write("],\"usage\":");
        usage(state.usage(), out);
        toolUsage(state.usage(), out);
        String tier = state.serviceTier() == null ? askedTier : state.serviceTier();
        out.write(",\"service_tier\":");
        if (tier == null) {
            out.write("null");
        } else {
            Json.quote(tier, out);
        }
        beyond(state, out);
        out.write(echo).write('}');
    }

    /** What OpenAI has no fields for, by the names it has in chats too. */
    private static void beyond(State state, ByteSink out) {
        String before = ",\"provider_blocks\":[";
        for (ProviderBlock block : state.others()) {
            block.write(out.write(before));
            before = ",";
        }
        out.write(state.others().isEmpty() ? "" : "]");
        JsonNode fields = state.providerFields();
        if (fields != null) {
            out.write(",\"provider_fields\":").write(Json.bytes(fields));
        }
    }

    private static byte[] echo(JsonObject request) {
        ByteSink echo = new ByteSink(1024);
        DEFAULTS.forEach((name, fallback) -> {
            echo.write(",\"").write(name).write("\":");
            Field field = request.field(name);
            if (field == null) {
                echo.write(fallback);
            } else {
                echo.write(oneLine(request.bytes(), field));
            }
        });
        return echo.write(",\"text\":").write(text(request)).toByteArray();
    }

    /** A line of an event ends with the first line break, and clients write their tools over many. */
    private static byte[] oneLine(byte[] request, Field field) {
        byte[] value = Arrays.copyOfRange(request, field.valueStart(), field.end());
        for (int i = 0; i < value.length; i++) {
            if (value[i] == '\n' || value[i] == '\r') {
                value[i] = ' ';
            }
        }
        return value;
    }

    /** Strict clients want a format, also where the client named none. */
    private static byte[] text(JsonObject request) {
        Field field = request.field("text");
        ObjectNode text = field != null && request.tree(field) instanceof ObjectNode asked
                ? asked
                : Json.MAPPER.createObjectNode();
        if (!text.hasNonNull("format")) {
            text.set("format", Json.MAPPER.createObjectNode().put("type", "text"));
        }
        return Json.bytes(text);
    }

    private static void error(@Nullable GatewayException error, ByteSink out) {
        if (error == null) {
            out.write("null");
        } else {
            String code = error instanceof RateLimited ? "rate_limit_exceeded" : "server_error";
            Json.quote(error.text(), out.write("{\"code\":\"" + code + "\",\"message\":"))
                    .write('}');
        }
    }

    /** Typed clients insist on every count once there is an object; without any report there is none. */
    private static void usage(@Nullable Usage usage, ByteSink out) {
        if (usage == null) {
            out.write("null");
            return;
        }
        long input = orZero(usage.promptTokens());
        long output = orZero(usage.completionTokens());
        out.write("{\"input_tokens\":" + input + ",\"input_tokens_details\":{\"cached_tokens\":"
                + orZero(usage.count(UsageDetail.CACHED)) + ",\"cache_write_tokens\":"
                + orZero(usage.count(UsageDetail.CACHE_WRITE)));
        if (usage.hasCacheTimes()) {
            // As chat clients have it.
            out.write(",\"cache_creation_token_details\":{\"ephemeral_5m_input_tokens\":"
                    + orZero(usage.shortCacheWriteTokens()) + ",\"ephemeral_1h_input_tokens\":"
                    + usage.count(UsageDetail.LONG_CACHE_WRITE) + "}");
        }
        details(UsageDetail.Part.PROMPT, usage, out);
        out.write("},\"output_tokens\":" + output + ",\"output_tokens_details\":{\"reasoning_tokens\":"
                + orZero(usage.count(UsageDetail.REASONING)));
        details(UsageDetail.Part.COMPLETION, usage, out);
        out.write("},\"total_tokens\":" + (input + output));
        serverTools(usage, out);
        out.write('}');
    }

    private static void serverTools(Usage usage, ByteSink out) {
        String before = ",\"server_tool_use\":{";
        for (UsageDetail detail : UsageDetail.of(UsageDetail.Part.SERVER_TOOLS)) {
            Long count = usage.count(detail);
            if (count != null) {
                out.write(before + "\"" + detail.wire() + "\":" + count);
                before = ",";
            }
        }
        out.write(before.equals(",") ? "}" : "");
    }

    /** What OpenAI tells of chats only, by the names it has there. */
    private static void details(UsageDetail.Part part, Usage usage, ByteSink out) {
        for (UsageDetail detail : UsageDetail.of(part)) {
            Long count = usage.count(detail);
            // Reasoning stands there already, told or not.
            if (count != null && detail != UsageDetail.REASONING) {
                out.write(",\"" + detail.wire() + "\":" + count);
            }
        }
    }

    /** OpenAI's place for how often was searched; typed clients insist on its other half. */
    private static void toolUsage(@Nullable Usage usage, ByteSink out) {
        Long searches = usage == null ? null : usage.count(UsageDetail.WEB_SEARCHES);
        if (searches != null) {
            out.write(",\"tool_usage\":{\"image_gen\":" + NO_IMAGES + ",\"web_search\":{\"num_requests\":" + searches
                    + "}}");
        }
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
