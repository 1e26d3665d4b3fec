package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors are kept one by one: a batch asks upstream only for those that are missing. */
class RecallVectorsTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static int rounds;

    /** In front of each text: the tests share the cache. */
    private String round;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream, "mehari.cache.enabled=true");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void vectors() {
        round = rounds++ + "-";
        upstream.answer(RecallVectorsTest::answer).reset();
    }

    /** Of each text a vector with its last digit in it, and a token a character. */
    private static Script answer(Request request) {
        JsonNode body = ErrorCheck.tree(request.body());
        List<String> data = new ArrayList<>();
        int chars = 0;
        for (JsonNode text : body.path("input").isArray() ? body.path("input") : List.of(body.path("input"))) {
            chars += text.asText().length();
            String digit = text.asText().substring(text.asText().length() - 1);
            data.add("{\"object\":\"embedding\",\"index\":" + data.size() + ",\"embedding\":[0.25,-0." + digit + "]}");
        }
        return Script.json(
                200,
                "{\"object\":\"list\",\"data\":[" + String.join(",", data)
                        + "],\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":" + chars
                        + ",\"total_tokens\":" + chars + "}}");
    }

    @Test
    void onlyTheMissingOnesAreAskedFor() {
        assertThat(cache(embed("a1", "b2"))).isEqualTo("MISS");
        HttpResponse<String> mixed = embed("c3", "b2", "d4", "a1");
        assertThat(cache(mixed)).isEqualTo("MISS");
        assertThat(ErrorCheck.tree(upstream.last().body()).path("input").toString())
                .isEqualTo("[\"" + round + "c3\",\"" + round + "d4\"]");
        assertThat(digits(mixed)).containsExactly(-0.3, -0.2, -0.4, -0.1);
        int requests = upstream.requests().size();
        HttpResponse<String> all = embed("a1", "b2", "c3", "d4");
        assertThat(cache(all)).isEqualTo("HIT");
        assertThat(all.headers().firstValue("age")).isPresent();
        assertThat(digits(all)).containsExactly(-0.1, -0.2, -0.3, -0.4);
        assertThat(upstream.requests()).hasSize(requests);
        assertThat(tokens(all)).isEqualTo(tokens(mixed)).isEqualTo(4 * (round.length() + 2));
        assertThat(ErrorCheck.tree(all.body()).path("model").asText()).isEqualTo("text-embedding-3-small");
    }

    @Test
    void theFormIsTheClientsAffair() {
        embed("a1");
        HttpResponse<String> packed = post(
                "{\"model\":\"text-embedding-3-small\",\"encoding_format\":\"base64\",\"input\":\"" + round + "a1\"}");
        assertThat(cache(packed)).isEqualTo("HIT");
        // 0.25 and -0.1 as float32, little-endian.
        assertThat(packed.body()).contains("\"embedding\":\"AACAPs3MzL0=\"");
    }

    @Test
    void otherDimensionsAreOtherVectors() {
        embed("a1");
        HttpResponse<String> shorter =
                post("{\"model\":\"text-embedding-3-small\",\"dimensions\":2,\"input\":\"" + round + "a1\"}");
        assertThat(cache(shorter)).isEqualTo("MISS");
        assertThat(cache(post(
                        "{\"model\":\"text-embedding-3-small\",\"user\":\"ann\",\"input\":[\"" + round + "a1\"]}")))
                .isEqualTo("HIT");
    }

    @Test
    void tokensAreOneInputNotSeveral() {
        String ids = "{\"model\":\"text-embedding-3-small\",\"input\":[1" + rounds + ",2,3]}";
        assertThat(cache(post(ids))).isEqualTo("MISS");
    }

    @Test
    void anErrorForTheRestIsAnErrorForAll() {
        embed("a1");
        upstream.answer(Script.json(400, "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}"));
        assertThat(embed("a1", "b2").statusCode()).isEqualTo(400);
        upstream.answer(RecallVectorsTest::answer);
        assertThat(digits(embed("a1", "b2"))).containsExactly(-0.1, -0.2);
    }

    @Test
    void noCacheAsksForAllAndKeepsThem() {
        embed("a1");
        HttpResponse<String> anew =
                post("{\"model\":\"text-embedding-3-small\",\"cache\":{\"no-cache\":true},\"input\":[\"" + round
                        + "a1\",\"" + round + "b2\"]}");
        assertThat(cache(anew)).isEqualTo("BYPASS");
        assertThat(upstream.last().body()).contains("a1", "b2").doesNotContain("cache");
        assertThat(cache(embed("a1", "b2"))).isEqualTo("HIT");
    }

    @Test
    void theDemoProvidersVectorsAreKeptToo() {
        String body = "{\"model\":\"demo\",\"input\":[\"one\",\"other\"]}";
        String first = post(body).body();
        HttpResponse<String> again = post(body);
        assertThat(cache(again)).isEqualTo("HIT");
        assertThat(ErrorCheck.tree(again.body()).path("data"))
                .isEqualTo(ErrorCheck.tree(first).path("data"));
    }

    private HttpResponse<String> embed(String... texts) {
        List<String> inputs = new ArrayList<>();
        for (String text : texts) {
            inputs.add('"' + round + text + '"');
        }
        return post("{\"model\":\"text-embedding-3-small\",\"input\":[" + String.join(",", inputs) + "]}");
    }

    private static HttpResponse<String> post(String body) {
        return gateway.post("/v1/embeddings", body);
    }

    private static String cache(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-cache").orElse("none");
    }

    private static List<Double> digits(HttpResponse<String> answer) {
        List<Double> digits = new ArrayList<>();
        for (JsonNode entry : ErrorCheck.tree(answer.body()).path("data")) {
            assertThat(entry.path("index").asInt()).isEqualTo(digits.size());
            digits.add(entry.path("embedding").path(1).asDouble());
        }
        return digits;
    }

    private static int tokens(HttpResponse<String> answer) {
        return ErrorCheck.tree(answer.body()).at("/usage/prompt_tokens").asInt();
    }
}
