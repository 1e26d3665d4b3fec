package dev.mehari.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ChatStream;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments of two calls in ten thousand pieces: whoever sent them and in whatever API, they come out as they went in. */
class ManyToolPiecesTest {
    private static final int PIECES = 5_000;
    private static final Map<String, String> MODELS = Map.of(
            "openai", "gpt-4o-mini",
            "anthropic", "claude-sonnet-4-5",
            "bedrock", "us.amazon.nova-pro-v1:0");
    private static final Map<String, String> REQUESTS = Map.of(
            "/v1/chat/completions",
            "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"type\":\"function\","
                    + "\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],\"model\":",
            "/v1/messages",
            "{\"stream\":true,\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":["
                    + "{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],\"model\":",
            "/v1/responses",
            "{\"stream\":true,\"input\":\"hi\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":"
                    + "{\"type\":\"object\"}}],\"model\":");

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                // By chat: its own Responses API would pass as it is.
                "mehari.providers.openai.responses.path=",
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.anthropic.api-key=k",
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.aws.access-key-id=AKIDEXAMPLE",
                "mehari.providers.bedrock.aws.secret-access-key=secret");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    /** The pieces of one call's arguments: {@code {"call0":[0,1,2,…]}}. */
    private static List<String> pieces(int call) {
        List<String> pieces = new ArrayList<>();
        pieces.add("{\"call" + call + "\":[0");
        for (int i = 1; i < PIECES - 1; i++) {
            pieces.add("," + i);
        }
        pieces.add("]}");
        return pieces;
    }

    private static String quoted(String piece) {
        return piece.replace("\"", "\\\"");
    }

    private static Script openAi() {
        Script script = Script.stream().event(Answers.role());
        for (int call = 0; call < 2; call++) {
            script.event(Answers.chunk(
                    "{\"tool_calls\":[{\"index\":" + call + ",\"id\":\"call_" + call
                            + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                    null));
            for (String piece : pieces(call)) {
                script.event(Answers.chunk(
                        "{\"tool_calls\":[{\"index\":" + call + ",\"function\":{\"arguments\":\"" + quoted(piece)
                                + "\"}}]}",
                        null));
            }
        }
        return script.event(Answers.chunk("{}", "tool_calls")).event("[DONE]").endChunks();
    }

    private static Script anthropic() {
        Script script = Script.stream()
                .event(
                        "message_start",
                        "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                                + "\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                                + "\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}");
        for (int call = 0; call < 2; call++) {
            script.event(
                    "content_block_start",
                    "{\"type\":\"content_block_start\",\"index\":" + call
                            + ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_" + call
                            + "\",\"name\":\"f\",\"input\":{}}}");
            for (String piece : pieces(call)) {
                script.event(
                        "content_block_delta",
                        "{\"type\":\"content_block_delta\",\"index\":" + call
                                + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" + quoted(piece)
                                + "\"}}");
            }
            script.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + call + "}");
        }
        return script.event(
                        "message_delta",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},"
                                + "\"usage\":{\"output_tokens\":9}}")
                .event("message_stop", "{\"type\":\"message_stop\"}")
                .endChunks();
    }

    private static Script bedrock() {
        List<String> lines = new ArrayList<>();
        for (int call = 0; call < 2; call++) {
            lines.add("event contentBlockStart {\"contentBlockIndex\":" + call
                    + ",\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_" + call + "\",\"name\":\"f\"}}}");
            for (String piece : pieces(call)) {
                lines.add("event contentBlockDelta {\"contentBlockIndex\":" + call
                        + ",\"delta\":{\"toolUse\":{\"input\":\"" + quoted(piece) + "\"}}}");
            }
            lines.add("event contentBlockStop {\"contentBlockIndex\":" + call + "}");
        }
        lines.add("event messageStop {\"stopReason\":\"tool_use\"}");
        lines.add("event metadata {\"usage\":{\"inputTokens\":3,\"outputTokens\":9,\"totalTokens\":12}}");
        return EventFrames.stream("event messageStart {\"role\":\"assistant\"}", lines.toArray(String[]::new));
    }

    private static Script script(String provider) {
        return switch (provider) {
            case "openai" -> openAi();
            case "anthropic" -> anthropic();
            default -> bedrock();
        };
    }

    static Stream<Arguments> ways() {
        return REQUESTS.keySet().stream()
                .flatMap(door -> MODELS.keySet().stream().map(provider -> Arguments.of(door, provider)));
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("ways")
    void allPiecesComeInTheirOrder(String door, String provider) {
        upstream.answer(script(provider));
        String request = REQUESTS.get(door) + '"' + MODELS.get(provider) + "\"}";
        String body = gateway.post(door, request, "x-provider", provider).body();
        Map<Integer, StringBuilder> calls =
                door.endsWith("completions") ? ofChat(body) : ofEvents(body, door.endsWith("responses"));
        assertThat(calls).hasSize(2);
        int call = 0;
        for (StringBuilder arguments : calls.values()) {
            assertThat(arguments.toString()).isEqualTo(String.join("", pieces(call++)));
        }
    }

    private static Map<Integer, StringBuilder> ofChat(String body) {
        Map<Integer, StringBuilder> calls = new TreeMap<>();
        for (JsonNode chunk : ChatStream.check(body)) {
            for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
                calls.computeIfAbsent(call.path("index").asInt(), index -> new StringBuilder())
                        .append(call.at("/function/arguments").asText());
            }
        }
        return calls;
    }

    private static Map<Integer, StringBuilder> ofEvents(String body, boolean responses) {
        Map<Integer, StringBuilder> calls = new TreeMap<>();
        body.lines().filter(line -> line.startsWith("data: {")).forEach(line -> {
            JsonNode event = ErrorCheck.tree(line.substring(6));
            String type = event.path("type").asText();
            JsonNode piece = responses ? event.path("delta") : event.at("/delta/partial_json");
            boolean isPiece = type.equals(responses ? "response.function_call_arguments.delta" : "content_block_delta");
            if (isPiece) {
                calls.computeIfAbsent(
                                event.path(responses ? "output_index" : "index").asInt(), index -> new StringBuilder())
                        .append(piece.asText());
            }
        });
        return calls;
    }
}
