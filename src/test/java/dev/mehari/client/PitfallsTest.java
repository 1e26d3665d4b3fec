package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ChatStream;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mistakes that other gateways made and users reported, where no test nearer to the subject shows them.
 * docs/conformance.md has all of them.
 */
@Timeout(60)
class PitfallsTest {
    /** A whole answer of Claude's. */
    private static final String CLAUDE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\","
                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.providers.anthropic.pool.warm-up=0",
                "mehari.models[0].name=alias",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].model=gpt-4o-mini");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static String streamed(String path, String request) {
        return gateway.post(path, request).body();
    }

    private static List<JsonNode> chunks(String... payloads) {
        upstream.answer(Script.events(
                Stream.concat(Stream.of(payloads), Stream.of("[DONE]")).toList()));
        return ChatStream.check(streamed("/v1/chat/completions", Answers.ask("gpt-4o-mini", true)));
    }

    /** Messages that the client of the Messages API is told, without the ping. */
    private static List<JsonNode> events(String... payloads) {
        upstream.answer(Script.events(
                Stream.concat(Stream.of(payloads), Stream.of("[DONE]")).toList()));
        String body = streamed(
                "/v1/messages",
                "{\"model\":\"gpt-4o-mini\",\"max_tokens\":100,\"stream\":true,\"tools\":[{\"name\":\"f\","
                        + "\"input_schema\":{\"type\":\"object\"}}],"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        return body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> ErrorCheck.tree(line.substring(6)))
                .toList();
    }

    private static String call(String fields) {
        return Answers.chunk("{\"tool_calls\":[{" + fields + "}]}", null);
    }

    private static String called(String id, String arguments) {
        return "\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"" + arguments
                + "\"}";
    }

    private static String joined(List<JsonNode> nodes, String pointer) {
        return nodes.stream().map(node -> node.at(pointer).asText("")).reduce("", String::concat);
    }

    @Test
    void callsWithoutAnIndexAreCountedByTheirIds() {
        List<JsonNode> chunks = chunks(
                Answers.role(),
                call(called("call_a", "{}")),
                call(called("call_b", "{}")),
                Answers.chunk("{}", "tool_calls"));
        List<JsonNode> calls = chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/tool_calls/0"))
                .filter(call -> call.hasNonNull("id"))
                .toList();
        assertThat(calls).extracting(call -> call.path("id").asText()).containsExactly("call_a", "call_b");
        assertThat(calls).extracting(call -> call.path("index").asInt(-1)).containsExactly(0, 1);
    }

    @Test
    void aWholeCallInOneChunkWithItsFinishArrives() {
        String whole = Answers.chunk(
                "{\"tool_calls\":[{\"index\":0," + called("call_a", "{\\\"a\\\":1}") + "}]}", "tool_calls");
        List<JsonNode> events = events(Answers.role(), whole);
        assertThat(joined(events, "/delta/partial_json")).isEqualTo("{\"a\":1}");
        assertThat(joined(events, "/content_block/id")).isEqualTo("call_a");
        assertThat(joined(events, "/delta/stop_reason")).isEqualTo("tool_use");
    }

    @Test
    void theLastArgumentsBesideTheFinishArrive() {
        String last =
                Answers.chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}", "tool_calls");
        List<JsonNode> events = events(Answers.role(), call("\"index\":0," + called("call_a", "{\\\"a\\\"")), last);
        assertThat(joined(events, "/delta/partial_json")).isEqualTo("{\"a\":1}");
    }

    @Test
    void anIdAndANameThatAreRepeatedOpenNoSecondCall() {
        String first = call("\"index\":0," + called("call_a", "{\\\"a\\\""));
        String second = call("\"index\":0," + called("call_a", ":1}"));
        List<JsonNode> events = events(Answers.role(), first, second, Answers.chunk("{}", "tool_calls"));
        assertThat(joined(events, "/content_block/id")).isEqualTo("call_a");
        assertThat(joined(events, "/content_block/name")).isEqualTo("f");
        assertThat(joined(events, "/delta/partial_json")).isEqualTo("{\"a\":1}");
    }

    @Test
    void whoeverCalledToolsDidNotJustStop() {
        String call = call("\"index\":0," + called("call_a", "{}"));
        assertThat(joined(
                                chunks(Answers.role(), Answers.text("Wait."), call, Answers.chunk("{}", "stop")),
                                "/choices/0/finish_reason")
                        .replace("null", ""))
                .isEqualTo("tool_calls");
        assertThat(joined(events(Answers.text("Wait."), call, Answers.chunk("{}", "stop")), "/delta/stop_reason"))
                .isEqualTo("tool_use");
        assertThat(joined(events(call, Answers.chunk("{}", "length")), "/delta/stop_reason"))
                .isEqualTo("max_tokens");
    }

    @Test
    void norDidAWholeAnswerThatCallsTools() {
        String answer = Answers.json("Wait.")
                .replace("\"refusal\":null", "\"refusal\":null,\"tool_calls\":[{" + called("call_a", "{}") + "}]");
        upstream.answer(Script.json(200, answer));
        HttpResponse<String> chat = gateway.chat(Answers.ask("gpt-4o-mini", false));
        JsonNode choice = ErrorCheck.tree(chat.body()).at("/choices/0");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(choice.at("/message/content").asText()).isEqualTo("Wait.");
        assertThat(choice.at("/message/tool_calls/0/id").asText()).isEqualTo("call_a");
    }

    @Test
    void streamsAreNeverCompressedNorKeptByProxies() {
        upstream.answer(Script.events(Answers.stream("hello")));
        HttpResponse<String> answer =
                gateway.chat(Answers.ask("gpt-4o-mini", true), "accept-encoding", "gzip, br, deflate");
        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(answer.headers().firstValue("content-length")).isEmpty();
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(answer.headers().firstValue("x-accel-buffering")).hasValue("no");
        assertThat(upstream.last().header("accept-encoding")).isIn(null, "identity");
    }

    @Test
    void noCallsAreNoList() {
        upstream.answer(Script.json(200, CLAUDE));
        HttpResponse<String> answer = gateway.chat("{\"model\":\"claude-sonnet-4-5\",\"messages\":["
                + "{\"role\":\"user\",\"content\":\"hi\"},"
                + "{\"role\":\"assistant\",\"content\":\"yes?\",\"tool_calls\":[]},"
                + "{\"role\":\"user\",\"content\":\"go\"}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(upstream.last().json().at("/messages/1").toString())
                .contains("yes?")
                .doesNotContain("tool_use");
        assertThat(ErrorCheck.tree(answer.body()).at("/choices/0/message").has("tool_calls"))
                .isFalse();
        List<JsonNode> chunks =
                chunks(Answers.role(), Answers.chunk("{\"content\":\"hi\",\"tool_calls\":[]}", null), Answers.finish());
        assertThat(joined(chunks, "/choices/0/delta/content")).isEqualTo("hi");
        assertThat(joined(chunks, "/choices/0/finish_reason").replace("null", ""))
                .isEqualTo("stop");
    }

    @Test
    void ofAPictureItsBytesDecideWhatItIs() {
        upstream.answer(Script.json(200, CLAUDE));
        String jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA==";
        gateway.chat("{\"model\":\"claude-sonnet-4-5\",\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + jpeg + "\"}}]}]}");
        JsonNode source = upstream.last().json().at("/messages/0/content/0/source");
        assertThat(source.path("media_type").asText()).isEqualTo("image/jpeg");
        assertThat(source.path("data").asText()).isEqualTo(jpeg);
    }

    @Test
    void aBlankStopIsLeftOutAndTold() {
        upstream.answer(Script.json(200, CLAUDE));
        HttpResponse<String> answer = gateway.chat("{\"model\":\"claude-sonnet-4-5\",\"stop\":[\"END\",\"\\n\"],"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(upstream.last().json().path("stop_sequences").toString()).isEqualTo("[\"END\"]");
        assertThat(answer.headers().firstValue("x-mehari-dropped-params"))
                .hasValueSatisfying(dropped -> assertThat(dropped).contains("stop"));
    }

    @Test
    void aProvidersCookiesAndHostHeadersStayHere() {
        upstream.answer(Script.json(
                200,
                Answers.json("hello"),
                "set-cookie",
                "session=1",
                "server",
                "theirs",
                "openai-organization",
                "org-1",
                "x-amzn-requestid",
                "7"));
        HttpResponse<String> answer = gateway.chat(
                Answers.ask("gpt-4o-mini", false),
                "cookie",
                "mine=1",
                "x-forwarded-for",
                "10.0.0.1",
                "openai-organization",
                "org-2");
        assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "openai-organization", "x-amzn-requestid");
        assertThat(answer.headers().map().toString()).doesNotContain("theirs");
        assertThat(upstream.last().headers()).doesNotContainKeys("cookie", "x-forwarded-for", "openai-organization");
    }

    @Test
    void theAnswerNamesTheModelThatWasAskedForAndAHeaderTheOneThatAnswered() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        HttpResponse<String> answer = gateway.chat(Answers.ask("alias", false));
        assertThat(ErrorCheck.tree(answer.body()).path("model").asText()).isEqualTo("alias");
        assertThat(answer.headers().firstValue("x-mehari-model")).hasValue("gpt-4o-mini");
    }

    @Test
    void anEmptyFinishReasonIsNone() {
        assertThat(chunks(
                        Answers.chunk("{\"role\":\"assistant\",\"content\":\"a\"}", ""),
                        Answers.chunk("{\"content\":\"b\"}", ""),
                        Answers.chunk("{}", "length")))
                .extracting(chunk -> chunk.at("/choices/0/finish_reason").asText(null))
                .containsExactly(null, null, "length");
        assertThat(events(Answers.chunk("{\"content\":\"a\"}", ""), Answers.chunk("{}", "length")))
                .extracting(event -> event.at("/delta/stop_reason").asText())
                .containsOnlyOnce("max_tokens");
    }

    @Test
    void heartbeatsAreNoAnswerWhateverTheyLookLike() {
        upstream.answer(Script.stream()
                .chunk("data:\n\n")
                .chunk("event: ping\ndata: 2026-11-22T00:00:00Z\n\n")
                .chunk("event: ping\ndata: {}\n\n")
                .event(Answers.text("hello"))
                .chunk(":\n\n")
                .chunk("data: \n\n")
                .event(Answers.finish())
                .event("[DONE]")
                .endChunks());
        assertThat(ChatStream.check(streamed("/v1/chat/completions", Answers.ask("gpt-4o-mini", true))))
                .extracting(chunk -> chunk.at("/choices/0/delta/content").asText(null))
                .containsExactly("hello", null);
    }

    @Test
    void doneComesOnceAndLast() {
        List<String> twice = Stream.concat(Answers.stream("hello").stream(), Stream.of("[DONE]"))
                .toList();
        upstream.answer(Script.events(twice));
        String asked = "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        String body = streamed("/v1/chat/completions", asked);
        assertThat(body.split("data: \\[DONE]", -1)).hasSize(2);
        assertThat(body).endsWith("data: [DONE]\n\n").contains("\"total_tokens\":5");
    }
}
