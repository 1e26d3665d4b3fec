package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.TwoProviders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers of known traffic, as {@code /metrics} and {@code /metrics/latency} tell them, and the headers of answers. */
class MetricsDoorsTest {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static TwoProviders providers;

    @BeforeAll
    static void start() {
        providers = TwoProviders.start();
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    private static HttpResponse<String> ask(String model, boolean stream) {
        return providers.gateway().chat(Answers.ask(model, stream));
    }

    /** Values by name and labels, each line checked against the text format. */
    private static Map<String, Double> metrics() {
        HttpResponse<String> answer = providers.gateway().get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        Map<String, Double> values = new HashMap<>();
        for (String line : answer.body().split("\n")) {
            if (!line.startsWith("#")) {
                assertThat(line).matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? [0-9.eE+-]+|.* (NaN|\\+Inf)");
                int space = line.lastIndexOf(' ');
                String value = line.substring(space + 1).replace("+Inf", "Infinity");
                values.put(line.substring(0, space), Double.parseDouble(value));
            }
        }
        return values;
    }

    private static double sum(Map<String, Double> metrics, String name, String... labels) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .filter(entry -> java.util.Arrays.stream(labels).allMatch(entry.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static void awaitCalls(double before, int more) {
        Eventually.holds(
                Duration.ofSeconds(20),
                "all calls are counted",
                () -> sum(metrics(), "mehari_calls_total") >= before + more);
    }

    @Test
    void whatIsCountedBesideTheSumsHasItsOwnCounters() {
        Map<String, Double> before = metrics();
        String counted = Answers.json("hello")
                .replaceFirst(
                        "\"usage\":\\{",
                        "\"usage\":{\"prompt_tokens_details\":{\"cached_tokens\":2,\"audio_tokens\":3},"
                                + "\"server_tool_use\":{\"web_search_requests\":4,\"web_fetch_requests\":0},");
        providers.play(Script.json(200, counted), Script.json(200, counted));
        ask("pair", false);
        awaitCalls(sum(before, "mehari_calls_total"), 1);
        Map<String, Double> after = metrics();
        String details = "mehari_usage_details_total";
        for (Map.Entry<String, Double> count : Map.of(
                        "prompt_audio_tokens", 3.0, "web_searches", 4.0, "web_fetches", 0.0)
                .entrySet()) {
            String label = "detail=\"" + count.getKey() + "\"";
            assertThat(sum(after, details, label) - sum(before, details, label))
                    .as(count.getKey())
                    .isEqualTo(count.getValue());
        }
        assertThat(sum(after, "mehari_tokens_cached_total") - sum(before, "mehari_tokens_cached_total"))
                .isEqualTo(2);
        // Nothing is known of what that model costs.
        assertThat(sum(after, "mehari_cost_unknown_total") - sum(before, "mehari_cost_unknown_total"))
                .isEqualTo(1);
    }

    @Test
    void knownTrafficIsCounted() {
        Map<String, Double> before = metrics();
        providers.play(Script.json(200, Answers.json("hello")), Script.json(200, Answers.json("second")));
        ask("pair", false);
        ask("pair", false);
        providers.play(Script.events(Answers.stream("a", "b", "c")), Script.json(200, Answers.json("second")));
        ask("pair", true);
        providers.play(
                Script.json(503, Answers.error("full", "server_error", null)),
                Script.json(200, Answers.json("second")));
        ask("pair", false);
        awaitCalls(sum(before, "mehari_calls_total"), 4);
        Map<String, Double> after = metrics();
        assertThat(sum(after, "mehari_calls_total", "stream=\"true\"", "status=\"200\"")
                        - sum(before, "mehari_calls_total", "stream=\"true\"", "status=\"200\""))
                .isEqualTo(1);
        assertThat(sum(after, "mehari_failovers_total") - sum(before, "mehari_failovers_total"))
                .isEqualTo(1);
        String input = "gen_ai_token_type=\"input\"";
        assertThat(sum(after, "gen_ai_client_token_usage_sum", input)
                        - sum(before, "gen_ai_client_token_usage_sum", input))
                .isEqualTo(9 + 9 + 3 + 9);
        String output = "gen_ai_token_type=\"output\"";
        assertThat(sum(after, "gen_ai_client_token_usage_sum", output, "provider=\"openai\"")
                        - sum(before, "gen_ai_client_token_usage_sum", output, "provider=\"openai\""))
                .isEqualTo(12 + 12 + 2);
        String unavailable = "error_type=\"provider_unavailable\"";
        assertThat(sum(after, "gen_ai_client_operation_duration_seconds_count", unavailable)
                        - sum(before, "gen_ai_client_operation_duration_seconds_count", unavailable))
                .isEqualTo(1);
        assertThat(sum(after, "gen_ai_server_request_duration_seconds_count")
                        - sum(before, "gen_ai_server_request_duration_seconds_count"))
                .isEqualTo(4);
        assertThat(sum(after, "gen_ai_server_time_to_first_token_seconds_count")
                        - sum(before, "gen_ai_server_time_to_first_token_seconds_count"))
                .isEqualTo(1);
        assertThat(sum(after, "mehari_overhead_seconds_count") - sum(before, "mehari_overhead_seconds_count"))
                .isEqualTo(4);
        assertThat(sum(after, "mehari_deployment_state", "deployment=\"openai/pair\""))
                .isEqualTo(1);
        assertThat(sum(after, "mehari_circuit_breaker_state", "provider=\"openai\"", "state=\"closed\""))
                .isEqualTo(1);
        assertThat(sum(after, "mehari_calls_in_flight")).isZero();
        assertThat(after).containsKey("mehari_calls_limit");
        assertThat(sum(after, "jvm_memory_used_bytes")).isPositive();
    }

    @Test
    void namesThatOnlyClientsKnowAreNoLabels() {
        double before = sum(metrics(), "mehari_calls_total");
        providers.play(
                Script.json(404, Answers.error("no such model", "invalid_request_error", "model_not_found")),
                Script.json(404, Answers.error("no such model", "invalid_request_error", "model_not_found")));
        ask("openai/made-up-by-a-client", false);
        ask("nobody-has-this-either", false);
        ask("x\\\"}\\n" + "y".repeat(10_000), false);
        awaitCalls(before, 3);
        HttpResponse<String> answer = providers.gateway().get("/metrics");
        assertThat(answer.body())
                .doesNotContain("made-up")
                .doesNotContain("nobody-has-this")
                .doesNotContain("yyyy")
                .contains("gen_ai_request_model=\"other\"");
        assertThat(providers.gateway().get("/metrics/latency").body()).doesNotContain("made-up");
    }

    @Test
    void aModelThatAProviderHasAnsweredForIsOne() {
        double before = sum(metrics(), "mehari_calls_total");
        providers.play(Script.json(200, Answers.json("hello")), Script.json(200, Answers.json("second")));
        ask("openai/brand-new-model", false);
        awaitCalls(before, 1);
        assertThat(sum(metrics(), "gen_ai_server_request_duration_seconds_count", "brand-new-model"))
                .isEqualTo(1);
    }

    @Test
    void scrapersThatAskForOpenMetricsGetIt() {
        HttpResponse<String> answer =
                providers.gateway().get("/metrics", "accept", "application/openmetrics-text;version=1.0.0");
        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .startsWith("application/openmetrics-text");
        assertThat(answer.body()).endsWith("# EOF\n");
    }

    @Test
    void percentilesOfTimes() {
        Script slow = Script.stream()
                .pause(PAUSE)
                .event(Answers.text("a"))
                .pause(PAUSE)
                .event(Answers.finish())
                .event(Answers.usage())
                .event("[DONE]")
                .endChunks();
        providers.play(slow, Script.json(200, Answers.json("second")));
        for (int i = 0; i < 3; i++) {
            providers.gateway().call(ask("openai/timed", true));
        }
        Eventually.holds(
                Duration.ofSeconds(20),
                "three are counted",
                () -> timed().path("1m").path("total").path("count").asInt() == 3);
        for (String window : new String[] {"1m", "15m", "all"}) {
            JsonNode times = timed().get(window);
            for (String name : new String[] {
                "total", "first_byte", "first_token", "upstream", "overhead", "connect", "tokens_per_second"
            }) {
                JsonNode time = times.get(name);
                assertThat(time.get("count").asInt()).as(window + " " + name).isEqualTo(3);
                assertThat(time.get("p50").asDouble())
                        .isLessThanOrEqualTo(time.get("p90").asDouble());
                assertThat(time.get("p90").asDouble())
                        .isLessThanOrEqualTo(time.get("p95").asDouble());
                assertThat(time.get("p95").asDouble())
                        .isLessThanOrEqualTo(time.get("p99").asDouble());
                assertThat(time.get("p99").asDouble())
                        .isLessThanOrEqualTo(time.get("max").asDouble() * 1.01);
            }
            // Two tokens, and the second came a pause after the first.
            assertThat(times.get("tokens_per_second").get("p50").asDouble()).isBetween(0.01, 1.01e3 / PAUSE.toMillis());
            // Two digits: within one percent.
            assertThat(times.get("total").get("p50").asDouble()).isGreaterThanOrEqualTo(2 * 99);
            assertThat(times.get("upstream").get("p50").asDouble()).isGreaterThanOrEqualTo(99);
            assertThat(times.get("first_token").get("p50").asDouble()).isGreaterThanOrEqualTo(99);
            assertThat(times.get("overhead").get("p50").asDouble())
                    .isLessThan(times.get("first_token").get("p99").asDouble());
        }
        JsonNode board =
                ErrorCheck.tree(providers.gateway().get("/metrics/latency").body());
        assertThat(board.get("unit").asText()).isEqualTo("ms");
        assertThat(board.get("overall").get("all").get("total").get("count").asInt())
                .isGreaterThanOrEqualTo(3);
    }

    private static JsonNode timed() {
        for (JsonNode model : ErrorCheck.tree(
                        providers.gateway().get("/metrics/latency").body())
                .get("models")) {
            if (model.get("model").asText().equals("timed")) {
                return model;
            }
        }
        return ErrorCheck.tree("{}");
    }

    @Test
    void answersTellTheirTimes() {
        for (boolean stream : new boolean[] {false, true}) {
            Script answer = stream ? Script.events(Answers.stream("a")) : Script.json(200, Answers.json("a"));
            providers.play(new Script().pause(PAUSE).then(answer), Script.json(200, Answers.json("second")));
            HttpResponse<String> told = ask("pair", stream);
            double upstream = header(told, "x-mehari-upstream-ms");
            assertThat(upstream).isGreaterThanOrEqualTo(PAUSE.toMillis());
            assertThat(header(told, "x-mehari-overhead-ms")).isNotNegative();
            assertThat(told.headers().firstValue("x-mehari-provider")).hasValue("openai");
            assertThat(told.headers().firstValue("x-mehari-model")).hasValue("pair");
            assertThat(told.headers().firstValue("x-mehari-attempts")).hasValue("1");
            String timing = told.headers().firstValue("server-timing").orElseThrow();
            assertThat(timing).matches("overhead;dur=[0-9]+\\.[0-9]{3}, upstream;dur=[0-9]+\\.[0-9]{3}");
            assertThat(Double.parseDouble(timing.substring(timing.lastIndexOf('=') + 1)))
                    .isCloseTo(upstream, within(0.0001));
        }
    }

    @Test
    void errorsTellThemToo() {
        providers.play(
                Script.json(500, Answers.error("no", "server_error", null)),
                Script.json(500, Answers.error("no", "server_error", null)));
        HttpResponse<String> told = ask("pair", false);
        assertThat(told.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(told.headers().firstValue("x-mehari-provider")).hasValue("groq");
        assertThat(told.headers().firstValue("x-mehari-attempts")).hasValue("2");
        assertThat(header(told, "x-mehari-upstream-ms")).isPositive();
    }

    private static double header(HttpResponse<String> answer, String name) {
        return Double.parseDouble(answer.headers().firstValue(name).orElseThrow());
    }

    @Test
    void bothAreLeftOutWhereTheSettingsSaySo() {
        try (Gateway plain = Gateway.start("ENABLE_LATENCY_METRICS=false", "ENABLE_LATENCY_HEADERS=false")) {
            assertThat(plain.get("/metrics/latency").statusCode()).isEqualTo(404);
            assertThat(plain.get("/metrics").statusCode()).isEqualTo(200);
            HttpResponse<String> answer = plain.chat(Answers.ask("demo", false));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map().keySet())
                    .doesNotContain("server-timing", "x-mehari-overhead-ms", "x-mehari-upstream-ms")
                    .doesNotContain("x-mehari-provider", "x-mehari-model", "x-mehari-attempts")
                    .contains("x-request-id");
        }
    }
}
