package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls in the database, and what {@code /admin/requests} and {@code /admin/metrics/series} tell of them. */
class RequestLogTest {
    private static final String COUNTS =
            "\"usage\":{\"prompt_tokens_details\":{\"cached_tokens\":2,\"audio_tokens\":3},"
                    + "\"completion_tokens_details\":{\"audio_tokens\":0,\"rejected_prediction_tokens\":4},"
                    + "\"server_tool_use\":{\"web_search_requests\":5},";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.request-log.enabled=true",
                "mehari.database.url=jdbc:sqlite:" + folder.resolve("log.db"),
                "mehari.access.api-keys=sk-one",
                "mehari.access.admin-key=admin",
                "mehari.environment=test",
                "mehari.content.capture=redacted");
        upstream.answer(request -> request.body().contains("broken")
                ? Script.json(500, Answers.error("it broke", "server_error", null))
                : request.body().contains("\"stream\":true")
                        ? Script.events(Answers.stream("a", "b"))
                        : request.body().contains("count everything")
                                ? Script.json(200, Answers.json("counted").replaceFirst("\"usage\":\\{", COUNTS))
                                : Script.json(200, Answers.json("mail me at joe@example.com")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static HttpResponse<String> ask(String model, boolean stream, String... headers) {
        List<String> all = new java.util.ArrayList<>(List.of("authorization", "Bearer sk-one"));
        all.addAll(List.of(headers));
        return gateway.chat(Answers.ask(model, stream), all.toArray(String[]::new));
    }

    private static HttpResponse<String> admin(String path) {
        return gateway.get(path, "authorization", "Bearer admin");
    }

    private static JsonNode requests(String query) {
        HttpResponse<String> answer = admin("/admin/requests?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ErrorCheck.tree(answer.body()).get("data");
    }

    private static JsonNode row(String requestId) {
        Eventually.holds(
                Duration.ofSeconds(20), requestId + " is in the log", () -> !requests("request_id=" + requestId)
                        .isEmpty());
        return requests("request_id=" + requestId).get(0);
    }

    @Test
    void aCallIsARow() {
        Instant before = Instant.now().minusSeconds(1);
        ask("gpt-4o", false, "x-request-id", "row-1", "x-session-id", "talk-9");
        JsonNode row = row("row-1");
        assertThat(Instant.parse(row.get("received_at").asText())).isBetween(before, Instant.now());
        assertThat(Instant.parse(row.get("ended_at").asText())).isBetween(before, Instant.now());
        assertThat(row.get("environment").asText()).isEqualTo("test");
        assertThat(row.get("key").asText()).startsWith("key-");
        assertThat(row.get("session").asText()).isEqualTo("talk-9");
        assertThat(row.get("dialect").asText()).isEqualTo("chat");
        assertThat(row.get("model").asText()).isEqualTo("gpt-4o");
        assertThat(row.get("provider").asText()).isEqualTo("openai");
        assertThat(row.get("upstream_model").asText()).isEqualTo("gpt-4o");
        assertThat(row.get("deployment").asText()).isEqualTo("openai/gpt-4o");
        assertThat(row.get("answered_model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(row.get("answer_id").asText()).isEqualTo("chatcmpl-up1");
        assertThat(row.get("attempts").asInt()).isEqualTo(1);
        assertThat(row.get("status").asInt()).isEqualTo(200);
        assertThat(row.get("error_type").isNull()).isTrue();
        assertThat(row.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(row.get("usage").get("completion_tokens").asInt()).isEqualTo(12);
        assertThat(row.get("usage").get("cached_tokens").isNull()).isTrue();
        assertThat(row.get("times_ms").get("total").asDouble()).isPositive();
        assertThat(row.get("times_ms").get("overhead").asDouble())
                .isLessThanOrEqualTo(row.get("times_ms").get("total").asDouble());
    }

    @Test
    void aRowTellsAllThatWasCounted() throws IOException {
        gateway.chat(
                Answers.ask("gpt-4o", false).replace("\"hi\"", "\"count everything\""),
                "authorization",
                "Bearer sk-one",
                "x-request-id",
                "counts-1",
                "x-session-id",
                "counts");
        JsonNode row = row("counts-1");
        assertThat(row.get("usage"))
                .isEqualTo(Json.MAPPER.readTree("{\"prompt_tokens\":9,\"completion_tokens\":12,\"cached_tokens\":2,"
                        + "\"cache_write_tokens\":null,\"prompt_audio_tokens\":3,\"reasoning_tokens\":null,"
                        + "\"rejected_prediction_tokens\":4,\"web_searches\":5}"));
        String[] lines =
                admin("/admin/requests?session=counts&format=csv").body().split("\r\n");
        List<String> names = List.of(lines[0].split(",", -1));
        List<String> cells = List.of(lines[1].split(",", -1));
        assertThat(cells.get(names.indexOf("web_searches"))).isEqualTo("5");
        assertThat(cells.get(names.indexOf("prompt_audio_tokens"))).isEqualTo("3");
        assertThat(cells.get(names.indexOf("completion_image_tokens"))).isEmpty();
        assertThat(names).contains("long_cache_write_tokens", "accepted_prediction_tokens", "web_fetches");
    }

    @Test
    void aCallTellsItsWholeStory() {
        ask("gpt-4o", true, "x-request-id", "story-1");
        String id = row("story-1").get("id").asText();
        JsonNode story = ErrorCheck.tree(admin("/admin/requests/story-1").body());
        assertThat(ErrorCheck.tree(admin("/admin/requests/" + id).body())).isEqualTo(story);
        assertThat(story.get("timeline"))
                .extracting(at -> at.get("name").asText())
                .contains("read", "admitted", "sent", "headers", "first_token", "last_token", "first_byte", "done");
        assertThat(story.get("timeline"))
                .extracting(at -> at.get("at_ms").asDouble())
                .isSorted();
        assertThat(story.get("attempt_list")).hasSize(1);
        assertThat(story.get("attempt_list").get(0).get("provider").asText()).isEqualTo("openai");
        assertThat(story.get("times_ms").get("first_token").asDouble()).isPositive();
        assertThat(story.get("request_body").asText()).contains("\"content\":\"hi\"");
        assertThat(story.get("response_body").asText()).contains("data: ").contains("[DONE]");
    }

    @Test
    void bodiesAreRedacted() {
        ask("gpt-4o", false, "x-request-id", "redacted-1");
        row("redacted-1");
        assertThat(ErrorCheck.tree(admin("/admin/requests/redacted-1").body())
                        .get("response_body")
                        .asText())
                .contains("mail me at [e-mail]")
                .doesNotContain("joe");
    }

    @Test
    void whoCameToNothingIsThereToo() {
        ask("broken", false, "x-request-id", "failed-1", "x-provider", "openai");
        JsonNode failed = row("failed-1");
        assertThat(failed.get("error_type").asText()).isEqualTo("provider_unavailable");
        assertThat(failed.get("message").asText()).contains("it broke");
        JsonNode story = ErrorCheck.tree(admin("/admin/requests/failed-1").body());
        assertThat(story.get("attempt_list").get(0).get("failure_class").asText())
                .isEqualTo("transient");
        gateway.chat(Answers.ask("gpt-4o", false), "x-request-id", "stranger-1");
        assertThat(row("stranger-1").get("error_type").asText()).isEqualTo("caller_unauthenticated");
        assertThat(row("stranger-1").get("attempts").asInt()).isZero();
    }

    @Test
    void filtersFind() {
        ask("gpt-4o-mini", false, "x-request-id", "filter-1", "x-session-id", "s%_1");
        ask("gpt-4o-mini", true, "x-request-id", "filter-2", "x-session-id", "s%_1");
        ask("broken", false, "x-request-id", "filter-3", "x-session-id", "s%_1", "x-provider", "openai");
        row("filter-3");
        String session = "session=" + URLEncoder.encode("s%_1", StandardCharsets.UTF_8);
        assertThat(requests(session)).hasSize(3);
        assertThat(requests(session + "&stream=true")).hasSize(1);
        assertThat(requests(session + "&error_type=any")).hasSize(1);
        assertThat(requests(session + "&error_type=provider")).hasSize(1);
        assertThat(requests(session + "&error_type=none")).hasSize(2);
        assertThat(requests(session + "&status=5xx")).hasSize(1);
        assertThat(requests(session + "&status=200&model=gpt-4o-mini&provider=openai&dialect=chat&operation=chat"))
                .hasSize(2);
        assertThat(requests(session + "&team=")).hasSize(3);
        assertThat(requests(session + "&from=1h")).hasSize(3);
        assertThat(requests(session + "&to=1h")).isEmpty();
        assertThat(requests(session + "&from=" + Instant.now().minusSeconds(600) + "&to="
                        + Instant.now().plusSeconds(600).toEpochMilli()))
                .hasSize(3);
        assertThat(requests("text=" + URLEncoder.encode("S%_", StandardCharsets.UTF_8)))
                .hasSize(3);
        assertThat(requests("text=it+broke&session=" + URLEncoder.encode("s%_1", StandardCharsets.UTF_8)))
                .hasSize(1);
        assertThat(requests(session + "&client_gone=true")).isEmpty();
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        for (int i = 0; i < 5; i++) {
            ask("gpt-4o", false, "x-request-id", "page-" + i, "x-session-id", "pages");
        }
        row("page-4");
        StringBuilder seen = new StringBuilder();
        String before = "";
        for (int i = 0; i < 3; i++) {
            JsonNode page = ErrorCheck.tree(
                    admin("/admin/requests?session=pages&limit=2" + before).body());
            page.get("data")
                    .forEach(row -> seen.append(row.get("request_id").asText()).append(' '));
            before = "&before=" + page.get("next").asText();
            assertThat(page.get("next").isNull()).isEqualTo(i == 2);
        }
        assertThat(seen.toString()).isEqualTo("page-4 page-3 page-2 page-1 page-0 ");
    }

    @Test
    void csvHoldsTheSame() {
        ask("=cmd|calc,\\\"x\\\"", false, "x-request-id", "csv-1", "x-session-id", "csv");
        row("csv-1");
        HttpResponse<String> answer = admin("/admin/requests?session=csv&format=csv");
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
        String[] lines = answer.body().split("\r\n");
        assertThat(lines).hasSize(2);
        assertThat(lines[0]).startsWith("id,request_id,received_at").contains("prompt_tokens", "total_ms");
        assertThat(lines[1]).contains("\"'=cmd|calc,\"\"x\"\"\"");
        String cells = lines[1].replaceAll("\"[^\"]*(\"\"[^\"]*)*\"", "quoted");
        assertThat(cells.split(",", -1)).hasSameSizeAs(lines[0].split(",", -1));
        assertThat(admin("/admin/requests?session=nobody&format=csv").body()).isEqualTo(lines[0] + "\r\n");
    }

    @Test
    void whatClientsCallAModelBreaksNoCellOfItsRow() {
        ask("openai/=x\\n\\u0000\\u001b" + "y".repeat(10_000), false, "x-request-id", "odd-1", "x-session-id", "odd");
        JsonNode row = row("odd-1");
        for (String name : List.of("model", "upstream_model", "deployment")) {
            assertThat(row.get(name).asText()).as(name).contains("=x???yyy").hasSizeLessThanOrEqualTo(200);
        }
        JsonNode story = ErrorCheck.tree(admin("/admin/requests/odd-1").body());
        assertThat(story.at("/attempt_list/0/deployment").asText()).hasSizeLessThanOrEqualTo(200);
        assertThat(admin("/admin/requests?session=odd&format=csv").body().lines())
                .hasSize(2);
    }

    /** It would else be no filter at all, and find everything. */
    @Test
    void aFilterThatIsIllEncodedIsRefused() {
        try (RawClient client = new RawClient(gateway)) {
            client.send("GET /admin/requests?model=%zz HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer admin\r\n"
                    + "connection: close\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 400").contains("model=%zz is no filter");
        }
    }

    @Test
    void badFiltersAreNamedAllAtOnce() {
        HttpResponse<String> answer = admin(
                "/admin/requests?colour=red&from=yesterday&status=9xx&error_type=odd&limit=5000&cache=warm&stream=maybe");
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = ErrorCheck.tree(answer.body()).get("error");
        assertThat(error.get("code").asText()).isEqualTo("invalid_filter");
        assertThat(error.get("message").asText())
                .contains("colour is no filter", "from must be", "status must be", "error_type must be")
                .contains("limit must be", "cache must be", "stream must be");
        assertThat(admin("/admin/requests?text=%00&key=%00").body())
                .contains("text must not hold a zero character", "key must not hold a zero character");
        assertThat(admin("/admin/metrics/series?window=1x&by=colour&odd=1&step=7s")
                        .body())
                .contains("window must be", "by must be", "odd is no parameter");
        assertThat(admin("/admin/metrics/series?by=key&provider=openai").statusCode())
                .isEqualTo(400);
    }

    @Test
    void onlyAdministratorsSeeIt() {
        for (String path : List.of("/admin/requests", "/admin/requests/x", "/admin/metrics/series")) {
            assertThat(gateway.get(path, "authorization", "Bearer sk-one").statusCode())
                    .isEqualTo(401);
        }
        assertThat(admin("/admin/requests/no-such-call").statusCode()).isEqualTo(404);
    }

    @Test
    void chartsHaveTheSums() {
        ask("gpt-4.1", true, "x-request-id", "series-1");
        ask("gpt-4.1", false, "x-request-id", "series-2");
        row("series-2");
        Eventually.holds(
                Duration.ofSeconds(30),
                "the sums are written",
                () -> sum(series("by=model&provider=openai&model=gpt-4.1"), "requests") == 2);
        JsonNode series = series("by=model&provider=openai&model=gpt-4.1");
        assertThat(series.get("series").get(0).get("name").get("model").asText())
                .isEqualTo("gpt-4.1");
        assertThat(sum(series, "completion_tokens")).isEqualTo(14);
        assertThat(sum(series, "errors")).isZero();
        JsonNode point = series.get("series").get(0).get("points").get(0);
        assertThat(point.get("total_ms").get("p50").asDouble()).isPositive();
        assertThat(series.get("step_seconds").asInt()).isEqualTo(60);
        assertThat(sum(series("by=key"), "requests")).isGreaterThanOrEqualTo(2);
        assertThat(sum(series("by=none&window=7d"), "requests")).isGreaterThanOrEqualTo(2);
        assertThat(sum(series("by=provider"), "requests")).isGreaterThanOrEqualTo(2);
    }

    private static JsonNode series(String query) {
        HttpResponse<String> answer = admin("/admin/metrics/series?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ErrorCheck.tree(answer.body());
    }

    private static long sum(JsonNode told, String field) {
        long sum = 0;
        for (JsonNode series : told.get("series")) {
            for (JsonNode point : series.get("points")) {
                sum += point.get(field).asLong();
            }
        }
        return sum;
    }

    @Test
    void aModelOfTenKilobytesFits() {
        String long_ = "m".repeat(10_000) + "\\n\\u0007";
        RawHttp.chat(
                gateway,
                Answers.ask(long_, false).getBytes(StandardCharsets.UTF_8),
                "authorization",
                "Bearer sk-one",
                "content-type",
                "application/json",
                "x-request-id",
                "long-1");
        assertThat(row("long-1").get("model").asText()).hasSize(200).endsWith("…");
    }
}
