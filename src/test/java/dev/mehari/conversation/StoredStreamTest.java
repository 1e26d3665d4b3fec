package dev.mehari.conversation;

import static dev.mehari.testing.H2Connection.END_HEADERS;
import static dev.mehari.testing.H2Connection.END_STREAM;
import static dev.mehari.testing.H2Connection.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored responses asked for as streams: told again from here, or by the provider that runs them in the background. */
@Timeout(60)
class StoredStreamTest {
    private static final String PATH = "/v1/responses";
    private static final List<String> TYPES = List.of(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");

    private static ScriptedUpstream openai;
    private static ScriptedUpstream chat;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        openai = new ScriptedUpstream();
        chat = new ScriptedUpstream();
        gateway = Gateway.before(openai, "mehari.providers.sambanova.base-url=" + chat.url());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        openai.close();
        chat.close();
    }

    @BeforeEach
    void forget() {
        openai.reset();
        chat.reset();
    }

    private static HttpResponse<String> get(String id, String query) {
        return gateway.get(PATH + "/" + id + query);
    }

    private static List<String> types(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring(7))
                .toList();
    }

    private static String stored() {
        chat.answer(Script.json(200, Answers.json("kept")));
        HttpResponse<String> answer = gateway.post(PATH, "{\"model\":\"sambanova/m\",\"input\":\"hi\"}");
        return ErrorCheck.tree(answer.body()).path("id").asText();
    }

    private static String background(String json) {
        return json.replace("\"metadata\":{}", "\"metadata\":{},\"background\":true");
    }

    private static String event(String type, int number, String response) {
        return "{\"type\":\"" + type + "\",\"sequence_number\":" + number + ",\"response\":" + background(response)
                + "}";
    }

    private static Script begun(String id) {
        return Script.stream()
                .event("response.created", event("response.created", 0, ResponsesAnswers.json(id, "queued", "[]")))
                .event(
                        "response.in_progress",
                        event("response.in_progress", 1, ResponsesAnswers.json(id, "in_progress", "[]")));
    }

    private static String completed(String id, int number) {
        return event("response.completed", number, ResponsesAnswers.json(id, "slowly"));
    }

    /** Has one begin at the provider. */
    private static void queue(String id) {
        openai.answer(Script.json(200, background(ResponsesAnswers.json(id, "queued", "[]"))));
        HttpResponse<String> answer =
                gateway.post(PATH, "{\"model\":\"openai/gpt-4o\",\"input\":\"hi\",\"background\":true}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void aStoredResponseIsToldAgainAndNobodyIsAsked() {
        String id = stored();
        chat.reset();
        HttpResponse<String> answer = get(id, "?stream=true");
        assertThat(types(answer)).isEqualTo(TYPES);
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(types(gateway.get("/responses/" + id + "?stream=true&starting_after=6")))
                .isEqualTo(TYPES.subList(7, 9));
        assertThat(types(get(id, "?stream=true&starting_after=8"))).isEmpty();
        assertThat(get(id, "?stream=false").body()).startsWith("{");
        assertThat(chat.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream=yes", "stream=true&starting_after=x", "stream=true&starting_after=-1"})
    void whatCannotBeMeantIsNamed(String query) {
        HttpResponse<String> answer = get(stored(), "?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        String param = query.startsWith("stream=yes") ? "stream" : "starting_after";
        assertThat(ErrorCheck.tree(answer.body()).at("/error/param").asText()).isEqualTo(param);
    }

    @Test
    void anUnknownOneIsNotFoundAsAStreamEither() {
        assertThat(get("resp_nobody", "?stream=true").statusCode()).isEqualTo(404);
    }

    @Test
    void whatRunsInTheBackgroundIsFollowedToItsEndAndKept() {
        queue("resp_follow");
        openai.answer(Script.stream()
                .event(
                        "response.output_text.delta",
                        "{\"type\":\"response.output_text.delta\",\"sequence_number\":5,\"item_id\":\"msg_1\","
                                + "\"output_index\":0,\"content_index\":0,\"delta\":\"slowly\",\"logprobs\":[]}")
                .event("response.completed", completed("resp_follow", 6))
                .endChunks());
        HttpResponse<String> answer = get("resp_follow", "?stream=true&starting_after=4");
        assertThat(openai.last().path()).isEqualTo("/v1/responses/resp_follow?stream=true&starting_after=4");
        assertThat(types(answer)).containsExactly("response.output_text.delta", "response.completed");
        assertThat(answer.body()).contains("\"sequence_number\":5", "\"sequence_number\":6", "openai/gpt-4o");
        assertThat(answer.body()).doesNotContain("2024-08-06");
        openai.reset();
        JsonNode kept = ErrorCheck.tree(get("resp_follow", "").body());
        assertThat(kept.path("status").asText()).isEqualTo("completed");
        assertThat(kept.path("model").asText()).isEqualTo("openai/gpt-4o");
        assertThat(openai.requests()).as("asked for what has ended").isEmpty();
    }

    @Test
    void headOfAStreamIsItsHeadAlone() throws Exception {
        String path = PATH + "/" + stored() + "?stream=true";
        try (H2Connection connection = new H2Connection(gateway.port())) {
            byte[] head = H2Connection.block(":method", "HEAD", ":scheme", "http", ":path", path, ":authority", "g");
            connection.send(HEADERS, END_HEADERS | END_STREAM, 1, head);
            assertThat(connection.body(1)).isEmpty();
        }
        try (RawClient client = new RawClient(gateway)) {
            client.send("HEAD " + path + " HTTP/1.1\r\nhost: gateway\r\n\r\n");
            assertThat(client.head()).contains("200", "text/event-stream");
            // Were there a body, it would stand in the place of the next answer's head.
            client.send("GET /health/live HTTP/1.1\r\nhost: gateway\r\n\r\n");
            assertThat(client.head()).startsWith("http/1.1 200").contains("application/json");
        }
    }

    @Test
    void theFirstEventIsNotHeldBackUntilSomethingIsSaid() throws Exception {
        queue("resp_slow");
        openai.answer(begun("resp_slow").hang());
        try (RawClient client = new RawClient(gateway)) {
            client.send("GET " + PATH + "/resp_slow?stream=true HTTP/1.1\r\nhost: gateway\r\n\r\n");
            assertThat(client.head()).contains("200", "text/event-stream");
            assertThat(client.chunksUpTo("\"status\":\"queued\"")).contains("event: response.created");
            client.reset();
        }
        Eventually.holds(Duration.ofSeconds(20), "the provider is left alone", () -> openai.last()
                .closed()
                .isClosed());
    }

    @Test
    void theProvidersFailureIsPassedOnAsItsEvent() {
        queue("resp_fails");
        String failed = ResponsesAnswers.json("resp_fails", "failed", "[]")
                .replace("\"error\":null", "\"error\":{\"code\":\"server_error\",\"message\":\"theirs\"}");
        openai.answer(begun("resp_fails")
                .event("response.failed", event("response.failed", 2, failed))
                .endChunks());
        HttpResponse<String> answer = get("resp_fails", "?stream=true");
        assertThat(types(answer)).containsExactly("response.created", "response.in_progress", "response.failed");
        assertThat(answer.body()).contains("theirs");
    }

    @Test
    void oneThatTheProviderDoesNotStreamIsRefusedWhileItRunsAndToldFromHereOnceItHasEnded() {
        queue("resp_whole");
        String refusal = "{\"error\":{\"message\":\"This response was not created with stream\",\"type\":"
                + "\"invalid_request_error\",\"param\":\"stream\",\"code\":null}}";
        openai.answer(Script.json(400, refusal));
        HttpResponse<String> refused = get("resp_whole", "?stream=true");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(ErrorCheck.tree(refused.body()).at("/error/param").asText()).isEqualTo("stream");
        assertThat(refused.body()).contains("openai", "was not created with stream");

        openai.answer(Script.json(200, background(ResponsesAnswers.json("resp_whole", "done"))));
        assertThat(get("resp_whole", "").body()).contains("\"completed\"");
        openai.answer(Script.json(400, refusal));
        assertThat(types(get("resp_whole", "?stream=true"))).isEqualTo(TYPES);
    }

    @Test
    void oneWhoseStreamBreaksOffStillRuns() {
        queue("resp_broken");
        openai.answer(begun("resp_broken").endChunks());
        HttpResponse<String> answer = get("resp_broken", "?stream=true");
        assertThat(types(answer)).containsExactly("response.created", "response.in_progress", "error");
        assertThat(answer.body()).contains("\"sequence_number\":2,\"code\":");
        openai.answer(Script.json(200, background(ResponsesAnswers.json("resp_broken", "in_progress", "[]"))));
        assertThat(get("resp_broken", "").body()).contains("\"in_progress\"");
    }

    @Test
    void oneInTheBackgroundGoesOnWhenItsClientLeavesAndIsFollowedFromThere() throws Exception {
        openai.answer(begun("resp_left")
                .event(
                        "response.output_text.delta",
                        "{\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"item_id\":\"msg_1\","
                                + "\"output_index\":0,\"content_index\":0,\"delta\":\"Hel\",\"logprobs\":[]}")
                .hang());
        try (RawClient client = new RawClient(gateway)) {
            client.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"background\":true,\"stream\":true}");
            client.head();
            client.chunksUpTo("Hel");
            client.reset();
        }
        openai.answer(Script.stream()
                .event("response.completed", completed("resp_left", 3))
                .endChunks());
        Eventually.holds(
                Duration.ofSeconds(20),
                "it is known",
                () -> get("resp_left", "?stream=true&starting_after=2").statusCode() == 200);
        assertThat(get("resp_left", "").body()).contains("\"completed\"", "slowly");
    }
}
