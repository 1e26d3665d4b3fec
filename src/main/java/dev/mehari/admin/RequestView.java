package dev.mehari.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.usage.log.RequestLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a row of the request log is shown. docs/observability.md explains the fields. */
final class RequestView {
    /** How far a call had come at a time since it was received. */
    private record Reached(
            String name, @JsonProperty("at_ms") double atMillis) {}

    /** Names of instants, and their columns. */
    private static final Map<String, String> TIMELINE = timeline();

    /** Names of all counts of usage, in their order. */
    static final List<String> COUNTS = counts();

    private RequestView() {}

    private static List<String> counts() {
        List<String> names = new ArrayList<>(List.of(Usage.PROMPT_TOKENS, Usage.COMPLETION_TOKENS));
        for (UsageDetail detail : UsageDetail.values()) {
            names.add(detail.label());
        }
        return List.copyOf(names);
    }

    private static Map<String, String> timeline() {
        Map<String, String> timeline = new LinkedHashMap<>();
        timeline.put("read", "read_us");
        timeline.put("admitted", "admitted_us");
        timeline.put("connecting", "connecting_us");
        timeline.put("connected", "connected_us");
        timeline.put("sent", "sent_us");
        timeline.put("headers", "headers_us");
        timeline.put("first_token", "first_token_us");
        timeline.put("first_byte", "first_byte_us");
        timeline.put("last_token", "last_token_us");
        timeline.put("done", "total_us");
        return timeline;
    }

    /** One row, as a list shows it. */
    static Map<String, @Nullable Object> line(Map<String, Object> row) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("id", Long.toString(RequestLog.id(row)));
        line.put("request_id", row.get("request_id"));
        line.put(
                "received_at",
                Instant.ofEpochMilli(number(row, "received_at", 0)).toString());
        line.put("ended_at", instant(RequestLog.endedMicros(row)).toString());
        copy(row, line, "environment", "environment");
        copy(row, line, "key_name", "key");
        copy(row, line, "team", "team");
        copy(row, line, "user_name", "user");
        copy(row, line, "session", "session");
        copy(row, line, "dialect", "dialect");
        copy(row, line, "operation", "operation");
        copy(row, line, "model", "model");
        line.put("stream", flag(row, "stream"));
        copy(row, line, "provider", "provider");
        copy(row, line, "upstream_model", "upstream_model");
        copy(row, line, "deployment", "deployment");
        copy(row, line, "answered_model", "answered_model");
        copy(row, line, "answer_id", "answer_id");
        copy(row, line, "provider_request_id", "provider_request_id");
        copy(row, line, "attempts", "attempts");
        copy(row, line, "status", "status");
        copy(row, line, "error_type", "error_type");
        copy(row, line, "message", "message");
        copy(row, line, "finish_reason", "finish_reason");
        line.put("usage", usage(row));
        Object cost = row.get("cost_nano_usd");
        line.put("cost_usd", cost instanceof Number nano ? (Double) (nano.longValue() / 1e9) : null);
        line.put("cache", row.get("cache") instanceof String cache ? cache.toLowerCase(Locale.ROOT) : null);
        line.put("client_gone", flag(row, "client_gone"));
        line.put("times_ms", times(row));
        line.put("tokens_per_second", tokensPerSecond(row));
        return line;
    }

    /** One row with its whole story. */
    static Map<String, @Nullable Object> whole(Map<String, Object> row) {
        Map<String, @Nullable Object> whole = line(row);
        List<Reached> timeline = new ArrayList<>();
        TIMELINE.forEach((name, column) -> {
            Double millis = millis(row, column);
            if (millis != null) {
                timeline.add(new Reached(name, millis));
            }
        });
        timeline.sort(Comparator.comparingDouble(Reached::atMillis));
        whole.put("timeline", timeline);
        whole.put("new_connection", row.get("new_connection") == null ? null : flag(row, "new_connection"));
        JsonNode story = row.get("story") instanceof String text ? json(text) : MissingNode.getInstance();
        whole.put("attempt_list", story.has("attempts") ? attempts(story.get("attempts")) : onlyAttempt(row));
        whole.put("dropped_params", story.has("dropped_params") ? story.get("dropped_params") : List.of());
        copy(row, whole, "request_body", "request_body");
        copy(row, whole, "response_body", "response_body");
        return whole;
    }

    private static List<Map<String, @Nullable Object>> attempts(JsonNode told) {
        List<Map<String, @Nullable Object>> attempts = new ArrayList<>();
        for (JsonNode attempt : told) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            attempt.properties().forEach(field -> {
                if (field.getKey().endsWith("_us")) {
                    String name = field.getKey().substring(0, field.getKey().length() - 3);
                    shown.put(name + "_ms", field.getValue().asLong() / 1000.0);
                } else {
                    shown.put(field.getKey(), field.getValue().isNull() ? null : field.getValue());
                }
            });
            attempts.add(shown);
        }
        return attempts;
    }

    /** The only one, which went well, is told by the row itself. */
    private static List<Map<String, @Nullable Object>> onlyAttempt(Map<String, Object> row) {
        if (row.get("provider") == null) {
            return List.of();
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        copy(row, shown, "provider", "provider");
        copy(row, shown, "upstream_model", "model");
        copy(row, shown, "deployment", "deployment");
        shown.put("error_type", null);
        shown.put("failure_class", null);
        shown.put("message", null);
        copy(row, shown, "answered_model", "answered_model");
        copy(row, shown, "answer_id", "answer_id");
        copy(row, shown, "provider_request_id", "provider_request_id");
        shown.put("overtaken", false);
        shown.put("new_connection", row.get("new_connection") == null ? null : flag(row, "new_connection"));
        for (String name : List.of("connecting", "connected", "sent", "headers", "first_token", "last_token")) {
            Double millis = millis(row, name + "_us");
            if (millis != null) {
                shown.put(name + "_ms", millis);
            }
        }
        return List.of(shown);
    }

    /** Of what has a column also what is not known; the others as far as they were told. */
    private static @Nullable Map<String, @Nullable Object> usage(Map<String, Object> row) {
        JsonNode details = row.get("usage_details") instanceof String text ? json(text) : MissingNode.getInstance();
        if (row.get(Usage.PROMPT_TOKENS) == null
                && row.get(Usage.COMPLETION_TOKENS) == null
                && details.isMissingNode()) {
            return null;
        }
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        for (String name : COUNTS) {
            if (row.containsKey(name)) {
                copy(row, usage, name, name);
            } else if (details.has(name)) {
                usage.put(name, details.get(name).longValue());
            }
        }
        return usage;
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, @Nullable Object> times(Map<String, Object> row) {
        Map<String, @Nullable Object> times = new LinkedHashMap<>();
        times.put("total", millis(row, "total_us"));
        times.put("first_byte", between(row, "read_us", "first_byte_us"));
        boolean streamed = flag(row, "stream") && row.get("first_token_us") != null;
        times.put("first_token", streamed ? between(row, "read_us", "first_byte_us") : null);
        times.put("overhead", millis(row, "overhead_us"));
        times.put("upstream", millis(row, "upstream_us"));
        times.put("connect", between(row, "connecting_us", "connected_us"));
        return times;
    }

    private static @Nullable Double tokensPerSecond(Map<String, Object> row) {
        Double generation = between(row, "first_token_us", "last_token_us");
        long tokens = number(row, "completion_tokens", 0);
        if (generation == null || generation <= 0 || tokens < 2 || !flag(row, "stream")) {
            return null;
        }
        return Math.round((tokens - 1) * 10_000 / generation) / 10.0;
    }

    private static @Nullable Double between(Map<String, Object> row, String from, String to) {
        boolean known = row.get(from) != null && row.get(to) != null;
        return known ? (Double) ((number(row, to, 0) - number(row, from, 0)) / 1000.0) : null;
    }

    private static @Nullable Double millis(Map<String, Object> row, String column) {
        return row.get(column) == null ? null : (Double) (number(row, column, 0) / 1000.0);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static boolean flag(Map<String, Object> row, String column) {
        return number(row, column, 0) != 0;
    }

    private static long number(Map<String, Object> row, String column, long otherwise) {
        return row.get(column) instanceof Number number ? number.longValue() : otherwise;
    }

    private static void copy(Map<String, Object> row, Map<String, @Nullable Object> into, String column, String name) {
        into.put(name, row.get(column));
    }
}
