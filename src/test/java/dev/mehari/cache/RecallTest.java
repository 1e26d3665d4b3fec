package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get from the cache, what goes into it, and what they may say about it. */
class RecallTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static int questions;

    /** Another one in each test: they share the cache. */
    private String question;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.cache.enabled=true",
                "mehari.cache.max-request-size=4KB",
                "mehari.cache.models[0].name=openai/gpt-4.1",
                "mehari.cache.models[0].mode=all",
                "mehari.cache.models[1].name=gpt-4.1-mini",
                "mehari.cache.models[1].enabled=false",
                "mehari.access.api-keys=one,other");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void anotherQuestion() {
        question = "question " + questions++;
        upstream.answer(Script.json(200, Answers.json("hello"))).reset();
    }

    @Test
    void theSameQuestionIsAskedOnce() {
        HttpResponse<String> first = ask("");
        HttpResponse<String> again = ask("");
        assertThat(cache(first)).isEqualTo("MISS");
        assertThat(first.headers().firstValue("age")).isEmpty();
        assertThat(cache(again)).isEqualTo("HIT");
        assertThat(Integer.parseInt(again.headers().firstValue("age").orElseThrow()))
                .isNotNegative();
        assertThat(again.headers().firstValue("x-cache-key"))
                .isPresent()
                .isEqualTo(first.headers().firstValue("x-cache-key"));
        assertThat(again.headers().firstValue("x-mehari-provider")).hasValue("openai");
        assertThat(again.headers().firstValue("x-mehari-model")).hasValue("gpt-4o");
        assertThat(again.headers().firstValue("x-mehari-attempts")).hasValue("0");
        assertThat(upstream.requests()).hasSize(1);
        JsonNode answer = ErrorCheck.tree(again.body());
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("hello");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(21);
        assertThat(answer.path("model").asText()).isEqualTo("gpt-4o");
        assertThat(answer.path("id").asText()).startsWith("chatcmpl-").isNotEqualTo("chatcmpl-up1");
        assertThat(answer.path("created").asLong()).isGreaterThan(1764000000);
    }

    @Test
    void aStreamIsGivenAgainChunkByChunk() {
        upstream.answer(Script.events(Answers.stream("one", " two", " three")));
        String first = ask(",\"stream\":true,\"stream_options\":{\"include_usage\":true}")
                .body();
        HttpResponse<String> again = ask(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        assertThat(cache(again)).isEqualTo("HIT");
        assertThat(upstream.requests()).hasSize(1);
        assertThat(deltas(again.body())).isEqualTo(deltas(first)).containsExactly("one", " two", " three");
        assertThat(again.body()).endsWith("data: [DONE]\n\n").contains("\"total_tokens\":5", "\"role\":\"assistant\"");
        HttpResponse<String> without = ask(",\"stream\":true");
        assertThat(cache(without)).isEqualTo("HIT");
        assertThat(without.body()).doesNotContain("usage").contains("\"finish_reason\":\"stop\"");
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,true"})
    void aStreamAnswersARequestForJsonAndTheOtherWayRound(boolean first, boolean then) {
        upstream.answer(first ? Script.events(Answers.stream("hel", "lo")) : Script.json(200, Answers.json("hello")));
        assertThat(cache(ask(",\"stream\":" + first))).isEqualTo("MISS");
        HttpResponse<String> answer = ask(",\"stream\":" + then);
        assertThat(cache(answer)).isEqualTo("HIT");
        if (then) {
            assertThat(String.join("", deltas(answer.body()))).isEqualTo("hello");
            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        } else {
            assertThat(answer.body()).contains("\"content\":\"hello\"");
        }
    }

    @Test
    void anotherKeyHasAnswersOfItsOwn() {
        assertThat(cache(ask(""))).isEqualTo("MISS");
        HttpResponse<String> others =
                gateway.chat(body("gpt-4o", ",\"temperature\":0"), "authorization", "Bearer other");
        assertThat(cache(others)).isEqualTo("MISS");
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void onlyWhoAsksForTheSameAnswerEachTimeGetsIt() {
        assertThat(cache(chat("gpt-4o", ""))).isEqualTo("SKIP");
        assertThat(cache(chat("gpt-4o", ",\"temperature\":0.2"))).isEqualTo("SKIP");
        assertThat(cache(chat("gpt-4o", ",\"temperature\":0.2,\"seed\":1"))).isEqualTo("MISS");
        assertThat(cache(chat("gpt-4o", ",\"temperature\":0.0"))).isEqualTo("MISS");
        assertThat(cache(chat("gpt-4.1", ""))).as("mode all").isEqualTo("MISS");
        assertThat(cache(chat("openai/gpt-4.1", ""))).isEqualTo("HIT");
        HttpResponse<String> off = chat("gpt-4.1-mini", ",\"temperature\":0");
        assertThat(off.headers().firstValue("x-cache")).isEmpty();
    }

    @Test
    void aClientMayWantANewAnswerAndOneThatIsNotKept() {
        assertThat(cache(ask(",\"cache\":{\"no-store\":true}"))).isEqualTo("MISS");
        assertThat(cache(ask(""))).isEqualTo("MISS");
        assertThat(cache(ask(",\"cache\":{\"no-store\":true}"))).isEqualTo("HIT");
        assertThat(cache(ask(",\"cache\":{\"no-cache\":true,\"no-store\":true}")))
                .isEqualTo("BYPASS");
        upstream.answer(Script.json(200, Answers.json("newer")));
        assertThat(cache(ask(",\"cache\":{\"no-cache\":true}"))).isEqualTo("BYPASS");
        HttpResponse<String> renewed = ask("");
        assertThat(cache(renewed)).isEqualTo("HIT");
        assertThat(renewed.body()).contains("newer");
    }

    @Test
    void theHeaderSaysTheSame() {
        assertThat(cache(askWith("no-store"))).isEqualTo("MISS");
        assertThat(cache(ask(""))).isEqualTo("MISS");
        assertThat(cache(askWith("max-age=600"))).isEqualTo("HIT");
        assertThat(cache(askWith("No-Cache, no-store"))).isEqualTo("BYPASS");
        assertThat(cache(askWith("max-age=0"))).isEqualTo("BYPASS");
        assertThat(cache(askWith("stale-if-error=1, max-age=soon"))).isEqualTo("HIT");
    }

    @Test
    void anAnswerKeptForNoTimeIsNotKept() {
        assertThat(cache(ask(",\"cache\":{\"ttl\":0}"))).isEqualTo("MISS");
        assertThat(cache(ask(",\"cache\":{\"ttl\":60}"))).isEqualTo("MISS");
        assertThat(cache(ask(""))).isEqualTo("HIT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "[]",
                "{\"no-cache\":1}",
                "{\"no-store\":\"yes\"}",
                "{\"ttl\":-1}",
                "{\"ttl\":\"1h\"}",
                "{\"ttl\":1.5}",
                "{\"ttl\":1e99}",
                "{\"nocache\":true}"
            })
    void whatIsMalformedIsRefusedByName(String cache) {
        for (String path : List.of("/v1/chat/completions", "/v1/responses", "/v1/messages")) {
            HttpResponse<String> answer = post(
                    path,
                    "{\"model\":\"gpt-4.1-mini\",\"max_tokens\":9,\"input\":\"hi\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                            + "\"cache\":" + cache + "}");
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(ErrorCheck.tree(answer.body()).at("/error/message").asText())
                    .contains("cache");
        }
        HttpResponse<String> vectors = post(
                "/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hi\",\"cache\":" + cache + "}");
        assertThat(vectors.statusCode()).isEqualTo(400);
        assertThat(ErrorCheck.tree(vectors.body()).at("/error/param").asText()).startsWith("cache");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theFieldNeverReachesTheProvider() {
        String cache = ",\"cache\":{\"no-cache\":true}";
        ask(cache);
        post("/v1/responses", "{\"model\":\"gpt-4o\",\"store\":false,\"input\":\"hi\"" + cache + "}");
        post(
                "/v1/messages",
                "{\"model\":\"gpt-4o\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + cache
                        + "}");
        post("/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hi\"" + cache + "}");
        assertThat(upstream.requests()).hasSize(4).noneMatch(request -> request.body()
                .contains("cache"));
    }

    @Test
    void errorsAreNotKept() {
        upstream.answer(Script.json(500, Answers.error("broken", "server_error", null)));
        assertThat(ask("").statusCode()).isGreaterThanOrEqualTo(500);
        upstream.answer(Script.json(200, Answers.json("hello")));
        assertThat(cache(ask(""))).isEqualTo("MISS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "content_filter"})
    void answersCutShortAreNotKept(String reason) {
        upstream.answer(Script.json(200, Answers.json("hello").replace("\"stop\"", '"' + reason + '"')));
        assertThat(cache(ask(""))).isEqualTo("MISS");
        assertThat(cache(ask(""))).isEqualTo("MISS");
        upstream.answer(Script.events(
                List.of(Answers.role(), Answers.text("hel"), Answers.chunk("{}", reason), Answers.usage(), "[DONE]")));
        assertThat(cache(ask(",\"stream\":true"))).isEqualTo("MISS");
        assertThat(cache(ask(",\"stream\":true"))).isEqualTo("MISS");
    }

    @Test
    void aStreamThatBreaksOffIsNotKept() {
        upstream.answer(
                Script.stream().event(Answers.role()).event(Answers.text("hel")).endChunks());
        assertThat(ask(",\"stream\":true").body()).contains("error").doesNotContain("[DONE]");
        upstream.answer(Script.events(Answers.stream("hello")));
        assertThat(cache(ask(",\"stream\":true"))).isEqualTo("MISS");
    }

    @Test
    void aRequestBeyondTheBoundIsNotLookedFor() {
        String large = ",\"temperature\":0,\"stop\":\"" + "x".repeat(5000) + "\"";
        assertThat(cache(chat("gpt-4o", large))).isEqualTo("SKIP");
    }

    @Test
    void whoAsksByAnotherApiGetsTheSameAnswer() {
        assertThat(cache(chat("gpt-4o", ",\"temperature\":0,\"max_tokens\":50")))
                .isEqualTo("MISS");
        String messages = "[{\"role\":\"user\",\"content\":\"" + question + "\"}]";
        HttpResponse<String> claude = post(
                "/v1/messages",
                "{\"model\":\"gpt-4o\",\"temperature\":0,\"max_tokens\":50,\"messages\":" + messages + "}");
        HttpResponse<String> responses = post(
                "/v1/responses",
                "{\"model\":\"gpt-4o\",\"temperature\":0,\"max_output_tokens\":50,\"store\":false,\"input\":" + messages
                        + "}");
        assertThat(cache(claude)).isEqualTo("HIT");
        assertThat(ErrorCheck.tree(claude.body()).at("/content/0/text").asText())
                .isEqualTo("hello");
        assertThat(cache(responses)).isEqualTo("HIT");
        assertThat(ErrorCheck.tree(responses.body())
                        .at("/output/0/content/0/text")
                        .asText())
                .isEqualTo("hello");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aStoredResponseIsKeptAnewEachTime() {
        upstream.answer(Script.json(200, ResponsesAnswers.json("resp_1", "hello")));
        String body = "{\"model\":\"gpt-4o\",\"temperature\":0,\"input\":\"" + question + "\"}";
        String first =
                ErrorCheck.tree(post("/v1/responses", body).body()).path("id").asText();
        HttpResponse<String> again = post("/v1/responses", body);
        assertThat(cache(again)).isEqualTo("HIT");
        String other = ErrorCheck.tree(again.body()).path("id").asText();
        assertThat(other).isNotEqualTo(first);
        HttpResponse<String> stored = gateway.get("/v1/responses/" + other, "authorization", "Bearer one");
        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(stored.body()).contains("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\"}",
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"c2VjcmV0\"}"
            })
    void aResponseWithMoreThanCanBeGivenAgainIsNotKept(String item) {
        upstream.answer(Script.json(200, ResponsesAnswers.json("resp_1", "completed", "[" + item + "]")));
        String body = "{\"model\":\"gpt-4o\",\"temperature\":0,\"store\":false,\"input\":\"" + question + "\"}";
        assertThat(post("/v1/responses", body).body()).contains(item);
        HttpResponse<String> again = post("/v1/responses", body);
        assertThat(cache(again)).isEqualTo("MISS");
        assertThat(again.body()).contains(item);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prompt\":{\"id\":\"pmpt_A\"}",
                "\"conversation\":\"conv_2\"",
                "\"background\":true",
                "\"include\":[\"web_search_call.results\"]"
            })
    void whatOnlyOneProviderUnderstandsIsAskedOfItEachTime(String own) {
        upstream.answer(Script.json(200, ResponsesAnswers.json("resp_1", "hello")));
        String plain = "{\"model\":\"gpt-4o\",\"temperature\":0,\"store\":false,\"input\":\"" + question + "\"}";
        assertThat(cache(post("/v1/responses", plain))).isEqualTo("MISS");
        String body = plain.replace("\"store\":false", own);
        for (int asked = 2; asked <= 3; asked++) {
            assertThat(cache(post("/v1/responses", body))).isEqualTo("SKIP");
            assertThat(upstream.requests()).hasSize(asked);
        }
    }

    @Test
    void theSameWordsInTwoConversationsAreTwoQuestions() {
        upstream.answer(Script.json(200, ResponsesAnswers.json("resp_1", "blue")));
        String one = continued(question + " blue");
        upstream.answer(Script.json(200, ResponsesAnswers.json("resp_2", "red")));
        String other = continued(question + " red");
        String again = "{\"model\":\"gpt-4o\",\"temperature\":0,\"previous_response_id\":\"%s\",\"input\":\"why?\"}";
        assertThat(cache(post("/v1/responses", again.formatted(one)))).isEqualTo("MISS");
        assertThat(cache(post("/v1/responses", again.formatted(other)))).isEqualTo("MISS");
    }

    /** The id of a stored response to that question. */
    private String continued(String asked) {
        String body = "{\"model\":\"gpt-4o\",\"temperature\":0,\"input\":\"" + asked + "\"}";
        return ErrorCheck.tree(post("/v1/responses", body).body()).path("id").asText();
    }

    @Test
    void statsTellOfIt() {
        ask("");
        ask("");
        JsonNode told = ErrorCheck.tree(gateway.get("/stats").body()).path("cache");
        assertThat(told.path("hits").asLong()).isPositive();
        assertThat(told.path("misses").asLong()).isPositive();
        assertThat(told.path("entries").asLong()).isPositive();
        assertThat(told.path("bytes").asLong())
                .isPositive()
                .isLessThan(told.path("max_bytes").asLong());
        assertThat(told.path("hit_rate").asDouble()).isBetween(0.0, 1.0);
        assertThat(told.path("redis").isNull()).isTrue();
    }

    private HttpResponse<String> ask(String more) {
        return chat("gpt-4o", ",\"temperature\":0" + more);
    }

    private HttpResponse<String> askWith(String cacheControl) {
        return gateway.chat(
                body("gpt-4o", ",\"temperature\":0"), "authorization", "Bearer one", "cache-control", cacheControl);
    }

    private HttpResponse<String> chat(String model, String more) {
        return post("/v1/chat/completions", body(model, more));
    }

    private static HttpResponse<String> post(String path, String body) {
        return gateway.post(path, body, "authorization", "Bearer one");
    }

    private String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]" + more
                + "}";
    }

    private static String cache(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Optional.of(answer.headers())
                .flatMap(headers -> headers.firstValue("x-cache"))
                .orElse("none");
    }

    private static List<String> deltas(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> ErrorCheck.tree(line.substring(6))
                        .at("/choices/0/delta/content")
                        .asText())
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
