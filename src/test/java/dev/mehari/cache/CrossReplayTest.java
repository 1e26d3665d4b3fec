package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.dialect.responses.ResponsesDialect;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whichever way an answer was recorded — by which API, as JSON or as a stream, from which provider — whoever asks next is
 * told what the provider would have told: compared with the live answer piece by piece.
 */
@Timeout(60)
class CrossReplayTest {
    private static final List<String> PATHS = List.of("/v1/chat/completions", "/v1/messages", "/v1/responses");
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"],\"additionalProperties\":false}";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static int questions;

    /** What is said, and by which of a provider's wire formats. */
    private record Subject(
            String name,
            String model,
            String whole,
            List<String> stream,
            List<ChatEvent> events,
            boolean tool,
            boolean schema) {

        @Override
        public String toString() {
            return name + " of " + model;
        }
    }

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.anthropic.api-key=k",
                "mehari.cache.enabled=true",
                "mehari.cache.mode=all");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static List<Subject> subjects() {
        return List.of(
                openAi(
                        "text",
                        message("\"content\":\"hello world\""),
                        false,
                        false,
                        List.of(new ChatEvent.TextDelta(0, "hello"), new ChatEvent.TextDelta(0, " world")),
                        text("hello"),
                        text(" world")),
                openAi(
                        "reasoning",
                        message("\"content\":\"42\",\"reasoning_content\":\"let me think\""),
                        false,
                        false,
                        List.of(
                                new ChatEvent.ReasoningDelta(0, "let me", null),
                                new ChatEvent.ReasoningDelta(0, " think", null),
                                new ChatEvent.TextDelta(0, "42")),
                        "{\"reasoning_content\":\"let me\"}",
                        "{\"reasoning_content\":\" think\"}",
                        text("42")),
                openAi(
                        "tools",
                        message(
                                "\"content\":\"so\",\"tool_calls\":["
                                        + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Asmara\\\"}\"}},"
                                        + "{\"id\":\"call_2\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]"),
                        true,
                        false,
                        List.of(
                                new ChatEvent.TextDelta(0, "so"),
                                new ChatEvent.ToolCallStart(0, 0, "call_1", "weather"),
                                new ChatEvent.ToolCallDelta(0, 0, "{\"city\":"),
                                new ChatEvent.ToolCallDelta(0, 0, "\"Asmara\"}"),
                                new ChatEvent.ToolCallStart(0, 1, "call_2", "weather"),
                                new ChatEvent.ToolCallDelta(0, 1, "{}")),
                        text("so"),
                        call(0, "call_1", "{\\\"city\\\":"),
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Asmara\\\"}\"}}]}",
                        call(1, "call_2", "{}")),
                openAi(
                        "structured output",
                        message("\"content\":\"{\\\"city\\\":\\\"Asmara\\\"}\""),
                        false,
                        true,
                        List.of(new ChatEvent.TextDelta(0, "{\"city\":"), new ChatEvent.TextDelta(0, "\"Asmara\"}")),
                        text("{\\\"city\\\":"),
                        text("\\\"Asmara\\\"}")),
                claude(
                        "text",
                        "[{\"type\":\"text\",\"text\":\"hello world\"}]",
                        false,
                        block(0, "{\"type\":\"text\",\"text\":\"\"}", textDelta("hello"), textDelta(" world"))),
                claude(
                        "reasoning",
                        "[{\"type\":\"thinking\",\"thinking\":\"let me think\",\"signature\":\"c2lnbmVk\"},{\"type\":\"text\",\"text\":\"42\"}]",
                        false,
                        block(
                                0,
                                "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                                "{\"type\":\"thinking_delta\",\"thinking\":\"let me\"}",
                                "{\"type\":\"thinking_delta\",\"thinking\":\" think\"}",
                                "{\"type\":\"signature_delta\",\"signature\":\"c2lnbmVk\"}"),
                        block(1, "{\"type\":\"text\",\"text\":\"\"}", textDelta("42"))),
                claude(
                        "tools",
                        "[{\"type\":\"text\",\"text\":\"so\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{\"city\":\"Asmara\"}}]",
                        true,
                        block(0, "{\"type\":\"text\",\"text\":\"\"}", textDelta("so")),
                        block(
                                1,
                                "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{}}",
                                "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}",
                                "{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Asmara\\\"}\"}")));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void whoeverAsksIsToldTheSame(Subject subject) {
        play(subject);
        for (String recordPath : recordPaths(subject)) {
            for (boolean recordStream : List.of(false, true)) {
                String question = "question " + questions++;
                HttpResponse<String> first = ask(subject, recordPath, recordStream, question, "");
                assertThat(first.headers().firstValue("x-cache"))
                        .as(first.body())
                        .hasValue("MISS");
                for (String path : paths(subject)) {
                    for (boolean stream : List.of(false, true)) {
                        String as = recordPath + (recordStream ? " stream" : "") + " then " + path
                                + (stream ? " stream" : "");
                        replay(subject, question, path, stream, as, recordPath.equals(path) && recordStream == stream);
                    }
                }
            }
        }
    }

    private static void replay(
            Subject subject, String question, String path, boolean stream, String as, boolean sameWay) {
        HttpResponse<String> live = ask(subject, path, stream, question, "no-cache, no-store");
        HttpResponse<String> replayed = ask(subject, path, stream, question, "");
        assertThat(live.headers().firstValue("x-cache")).as(as).hasValue("BYPASS");
        assertThat(replayed.headers().firstValue("x-cache")).as(as).hasValue("HIT");
        assertThat(replayed.headers().firstValue("content-type"))
                .isEqualTo(live.headers().firstValue("content-type"));
        assertThat(Transcript.joined(path, replayed.body())).as(as).isEqualTo(Transcript.joined(path, live.body()));
        assertThat(Transcript.joined(path, live.body())).as(as).hasSizeGreaterThan(2);
        if (sameWay) {
            assertThat(Transcript.of(path, replayed.body())).as(as).isEqualTo(Transcript.of(path, live.body()));
        }
        if (stream && path.equals("/v1/chat/completions")) {
            assertThat(replayed.body()).endsWith("data: [DONE]\n\n");
        }
    }

    /** What OpenAI itself shows of reasoning in a response is more than the hub holds: that answer serves its client only. */
    private static List<String> recordPaths(Subject subject) {
        boolean shown = subject.events().stream().anyMatch(ChatEvent.ReasoningDelta.class::isInstance);
        return shown ? List.of("/v1/chat/completions", "/v1/messages") : paths(subject);
    }

    /** Anthropic's API has no name for a schema, so that such requests are not the same. */
    private static List<String> paths(Subject subject) {
        return subject.schema() ? List.of("/v1/chat/completions", "/v1/responses") : PATHS;
    }

    private static void play(Subject subject) {
        upstream.answer(request -> {
            if (request.path().endsWith("/responses")) {
                return ownResponse(subject, request.body());
            }
            if (!request.body().contains("\"stream\":true")) {
                return Script.json(200, subject.whole());
            }
            Script script = Script.stream();
            for (String record : subject.stream()) {
                script.chunk(record);
            }
            return script.endChunks();
        });
    }

    /** As OpenAI answers by its own Responses API. */
    private static Script ownResponse(Subject subject, String body) {
        RequestFacts request = new ResponsesDialect().read(body.getBytes(StandardCharsets.UTF_8), false);
        WholeEncoder writer = (WholeEncoder) new ResponsesDialect().streamWriter(request);
        Script script = Script.stream();
        ByteSink out = new ByteSink(1024);
        writer.encode(new ChatEvent.Start("resp_up", subject.model(), 1764000000), out);
        for (ChatEvent event : subject.events()) {
            writer.encode(event, out);
            if (!out.isEmpty()) {
                script.chunk(out.take());
            }
        }
        return request.stream()
                ? script.endChunks()
                : Script.json(200, new String(writer.whole().json(), StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> ask(
            Subject subject, String path, boolean stream, String question, String cacheControl) {
        String body = request(subject, path, stream, question);
        HttpResponse<String> answer = cacheControl.isEmpty()
                ? gateway.post(path, body)
                : gateway.post(path, body, "cache-control", cacheControl);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static String request(Subject subject, String path, boolean stream, String question) {
        String messages = "[{\"role\":\"user\",\"content\":\"" + question + "\"}]";
        String common = "\"model\":\"" + subject.model() + "\",\"stream\":" + stream;
        return switch (path) {
            case "/v1/chat/completions" ->
                "{" + common + ",\"max_completion_tokens\":500,\"messages\":" + messages
                        + (stream ? ",\"stream_options\":{\"include_usage\":true}" : "")
                        + (subject.tool()
                                ? ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"tells\",\"parameters\":"
                                        + SCHEMA + "}}]"
                                : "")
                        + (subject.schema()
                                ? ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"strict\":true,\"schema\":"
                                        + SCHEMA + "}}"
                                : "")
                        + "}";
            case "/v1/messages" ->
                "{" + common + ",\"max_tokens\":500,\"messages\":" + messages
                        + (subject.tool()
                                ? ",\"tools\":[{\"name\":\"weather\",\"description\":\"tells\",\"input_schema\":"
                                        + SCHEMA + "}]"
                                : "")
                        + "}";
            default ->
                "{" + common + ",\"store\":false,\"max_output_tokens\":500,\"input\":" + messages
                        + (subject.tool()
                                ? ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"description\":\"tells\",\"strict\":null,\"parameters\":"
                                        + SCHEMA + "}]"
                                : "")
                        + (subject.schema()
                                ? ",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"s\",\"strict\":true,\"schema\":"
                                        + SCHEMA + "}}"
                                : "")
                        + "}";
        };
    }

    private static Subject openAi(
            String name, String message, boolean tool, boolean schema, List<ChatEvent> said, String... deltas) {
        String finish = tool ? "tool_calls" : "stop";
        String whole =
                "{\"id\":\"chatcmpl-up1\",\"object\":\"chat.completion\",\"created\":1764000000,\"model\":\"gpt-4o\",\"choices\":[{"
                        + "\"index\":0,\"message\":" + message + ",\"finish_reason\":\"" + finish + "\"}],"
                        + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}";
        List<String> stream = new ArrayList<>();
        stream.add(
                chunk("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}", ""));
        for (String delta : deltas) {
            stream.add(chunk("{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}", ""));
        }
        stream.add(chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"" + finish + "\"}", ""));
        stream.add(chunk("", ",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}"));
        stream.add("data: [DONE]\n\n");
        List<ChatEvent> events = new ArrayList<>(said);
        events.add(new ChatEvent.Finish(0, tool ? FinishReason.TOOL_CALLS : FinishReason.STOP));
        events.add(new ChatEvent.UsageReport(Usage.of(9L, 12L)));
        events.add(new ChatEvent.End());
        return new Subject(name, "gpt-4o", whole, stream, events, tool, schema);
    }

    private static String chunk(String choice, String more) {
        return "data: {\"id\":\"chatcmpl-up1\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"gpt-4o\",\"choices\":["
                + choice + "]" + more + "}\n\n";
    }

    private static String message(String fields) {
        return "{\"role\":\"assistant\"," + fields + "}";
    }

    private static String text(String text) {
        return "{\"content\":\"" + text + "\"}";
    }

    private static String call(int index, String id, String arguments) {
        return "{\"tool_calls\":[{\"index\":" + index + ",\"id\":\"" + id
                + "\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"" + arguments + "\"}}]}";
    }

    @SafeVarargs
    private static Subject claude(String name, String content, boolean tool, List<String>... blocks) {
        String stop = tool ? "tool_use" : "end_turn";
        String head =
                "\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-20250514\",";
        String whole = "{" + head + "\"content\":" + content + ",\"stop_reason\":\"" + stop
                + "\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":12}}";
        List<String> stream = new ArrayList<>();
        stream.add(
                event(
                        "message_start",
                        "\"message\":{" + head
                                + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}"));
        Stream.of(blocks).forEach(stream::addAll);
        stream.add(event(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"" + stop
                        + "\",\"stop_sequence\":null},\"usage\":{\"input_tokens\":9,\"output_tokens\":12}"));
        stream.add("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        return new Subject(name, "claude-sonnet-4-20250514", whole, stream, List.of(), tool, false);
    }

    private static List<String> block(int index, String start, String... deltas) {
        List<String> events = new ArrayList<>();
        events.add(event("content_block_start", "\"index\":" + index + ",\"content_block\":" + start));
        for (String delta : deltas) {
            events.add(event("content_block_delta", "\"index\":" + index + ",\"delta\":" + delta));
        }
        events.add(event("content_block_stop", "\"index\":" + index));
        return events;
    }

    private static String textDelta(String text) {
        return "{\"type\":\"text_delta\",\"text\":\"" + text + "\"}";
    }

    private static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }
}
