package dev.mehari.provider.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.Usage;
import dev.mehari.dialect.chat.ChatRequestReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoAnswerTest {
    private static final String TOOLS = """
        "tools":[
          {"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":
            {"city":{"type":"string"},"days":{"type":"integer"},"unit":{"enum":["c","f"]}},"required":["city"]}}},
          {"type":"function","function":{"name":"ping"}}]\
        """;

    private final DemoAnswer answer = new DemoAnswer(Duration.ofMillis(5));

    private DemoScript script(String model, String userText, String... fields) {
        String more = fields.length == 0 ? "" : "," + String.join(",", fields);
        return script(model, request("[{\"role\":\"user\",\"content\":" + Json.quoted(userText) + "}]" + more));
    }

    private DemoScript script(String model, ChatRequest request) {
        return answer.script(request, model, "chatcmpl-demo1", 7);
    }

    private static ChatRequest request(String messagesAndMore) {
        String json = "{\"model\":\"demo\",\"messages\":" + messagesAndMore + "}";
        return ChatRequestReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ChatResponse whole(DemoScript script) {
        ResponseFolder folder = new ResponseFolder();
        script.events().forEach(folder::accept);
        return folder.response();
    }

    private static String text(DemoScript script) {
        return whole(script).choices().getFirst().message().text();
    }

    private static List<ToolCall> calls(DemoScript script) {
        return whole(script).choices().getFirst().message().toolCalls();
    }

    @Test
    void itEchoesTheLastUserMessageWordByWord() {
        DemoScript script = script("demo", "hello");
        assertThat(text(script)).isEqualTo("This is Mehari's demo provider. You said: \"hello\".");
        assertThat(script.events())
                .startsWith(
                        new ChatEvent.Start("chatcmpl-demo1", "demo", 7),
                        new ChatEvent.TextDelta(0, "This"),
                        new ChatEvent.TextDelta(0, " is"));
        assertThat(script.steps().get(1).delay()).isEqualTo(Duration.ofMillis(5));
        assertThat(whole(script).usage()).isEqualTo(Usage.of(1L, 8L));
        assertThat(script).isEqualTo(script("demo", "hello"));
    }

    @Test
    void blanksAndLinesInTheEchoSurvive() {
        assertThat(text(script("demo", " a\n\n  b\t"))).endsWith("You said: \" a\n\n  b\t\".");
        assertThat(text(script("demo", " "))).endsWith("You said nothing.");
    }

    @Test
    void theAnswerCarriesTheNameTheClientUsed() {
        ChatRequest request = request("[{\"role\":\"user\",\"content\":\"hi\"}]");
        assertThat(answer.script(request, "demo-slow", "gpt-4o", "i", 1)
                        .events()
                        .getFirst())
                .isEqualTo(new ChatEvent.Start("i", "gpt-4o", 1));
    }

    @Test
    void aLongTextIsQuotedInPart() {
        assertThat(text(script("demo", "🐪".repeat(5000))))
                .hasSizeLessThan(2100)
                .contains("🐪…\"");
    }

    @Test
    void theNameTellsTheTiming() {
        assertThat(script("demo-slow", "x").steps().get(1).delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(script("demo-slow", "x").steps().get(2).delay()).isEqualTo(Duration.ofMillis(200));
        assertThat(script("demo-delay-50", "x").steps().get(1).delay()).isEqualTo(Duration.ofMillis(50));
        assertThat(script("demo-0", "x").steps()).allMatch(step -> step.delay().isZero());
        assertThat(script("demo-delay-999999999", "x").steps().get(1).delay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(script("demo-anything", "x").steps().get(1).delay()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void theNameTellsTheFailure() {
        assertFails("demo-error-503", GatewayException.UpstreamUnavailable.class, 503);
        assertFails("demo-error-500", GatewayException.UpstreamUnavailable.class, 502);
        assertFails("demo-error-504", GatewayException.UpstreamTimeout.class, 504);
        assertFails("demo-error-400", GatewayException.InvalidRequest.class, 400);
        assertFails("demo-error-422", GatewayException.InvalidRequest.class, 422);
        assertFails("demo-error-401", GatewayException.UpstreamRefusedUs.class, 502);
        assertFails("demo-error-404", GatewayException.ModelNotFound.class, 404);
        assertFails("demo-error-600", GatewayException.ModelNotFound.class, 404);
        assertFails("demo-error-429", GatewayException.RateLimited.class, 429);
        assertThatThrownBy(() -> script("demo-error-429", "x"))
                .isInstanceOfSatisfying(
                        GatewayException.class, e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
    }

    private void assertFails(String model, Class<? extends GatewayException> kind, int status) {
        assertThatThrownBy(() -> script(model, "x")).isInstanceOfSatisfying(GatewayException.class, failure -> {
            assertThat(failure).isInstanceOf(kind);
            assertThat(failure.status()).isEqualTo(status);
        });
    }

    @Test
    void aCutAnswerBreaksOffAfterSomeWords() {
        List<ChatEvent> events = script("demo-cut", "x").events();
        assertThat(events).hasSize(5);
        assertThat(events.get(3)).isEqualTo(new ChatEvent.TextDelta(0, " Mehari's"));
        assertThat(events.getLast())
                .isInstanceOfSatisfying(ChatEvent.Failure.class, failure -> assertThat(failure.reason())
                        .isInstanceOf(GatewayException.UpstreamProtocol.class));
        assertThatThrownBy(() -> whole(script("demo-cut", "x"))).isInstanceOf(GatewayException.UpstreamProtocol.class);
    }

    @Test
    void theTokenLimitCutsWords() {
        DemoScript script = script("demo", "x", "\"max_tokens\":2");
        assertThat(text(script)).isEqualTo("This is");
        assertThat(whole(script).choices().getFirst().finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(whole(script("demo", "x", "\"max_tokens\":8"))
                        .choices()
                        .getFirst()
                        .finish())
                .isEqualTo(FinishReason.STOP);
    }

    @Test
    void stopSequencesEndTheText() {
        DemoScript script = script("demo", "x", "\"stop\":[\"never\",\"hari\",\"demo\"]");
        assertThat(text(script)).isEqualTo("This is Me");
        assertThat(whole(script).choices().getFirst().finish()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void severalChoicesComeSideBySide() {
        DemoScript script = script("demo", "x", "\"n\":3");
        assertThat(whole(script).choices())
                .hasSize(3)
                .allMatch(choice -> choice.message().text().endsWith("You said: \"x\"."));
        assertThat(script.steps().get(1).delay()).isPositive();
        assertThat(script.steps().get(2).delay()).isZero();
        assertThat(script.steps().get(2).event()).isEqualTo(new ChatEvent.TextDelta(1, "This"));
        assertThat(whole(script).usage()).isEqualTo(Usage.of(1L, 24L));
    }

    @Test
    void aToolIsCalledWhenThePromptNamesIt() throws Exception {
        List<ToolCall> calls = calls(script("demo", "please GET_WEATHER now", TOOLS));
        assertThat(calls).extracting(ToolCall::name).containsExactly("get_weather");
        assertThat(Json.MAPPER.readTree(calls.getFirst().arguments()))
                .isEqualTo(Json.MAPPER.readTree("{\"city\":\"demo\",\"days\":1,\"unit\":\"c\"}"));
    }

    @Test
    void aToolIsCalledWhenThePromptAsksForOne() {
        assertThat(calls(script("demo", "Use a tool!", TOOLS)))
                .extracting(ToolCall::name)
                .containsExactly("get_weather");
        assertThat(calls(script("demo", "just shopping", TOOLS))).isEmpty();
        assertThat(calls(script("demo", "use a tool", TOOLS, "\"tool_choice\":\"none\"")))
                .isEmpty();
        assertThat(calls(script("demo", "use a tool"))).isEmpty();
    }

    @Test
    void severalNamedToolsAreCalledInParallelUnlessThatIsOff() {
        String both = "ping and get_weather";
        List<ToolCall> calls = calls(script("demo", both, TOOLS));
        assertThat(calls).extracting(ToolCall::name).containsExactly("get_weather", "ping");
        assertThat(calls).extracting(ToolCall::id).doesNotHaveDuplicates().allMatch(id -> id.length() <= 40);
        assertThat(calls.get(1).arguments()).isEqualTo("{}");
        assertThat(calls(script("demo", both, TOOLS, "\"parallel_tool_calls\":false")))
                .hasSize(1);
    }

    @Test
    void aDemandedToolIsCalledWhateverThePromptSays() {
        assertThat(calls(script("demo", "hi", TOOLS, "\"tool_choice\":\"required\"")))
                .extracting(ToolCall::name)
                .containsExactly("get_weather");
        DemoScript named =
                script("demo", "hi", TOOLS, "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"ping\"}}");
        assertThat(calls(named)).extracting(ToolCall::name).containsExactly("ping");
        assertThat(whole(named).choices().getFirst().finish()).isEqualTo(FinishReason.TOOL_CALLS);
        String allowed = "\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"%s\",\"tools\":"
                + "[{\"type\":\"function\",\"function\":{\"name\":\"ping\"}}]}}";
        assertThat(calls(script("demo", "hi", TOOLS, allowed.formatted("required"))))
                .extracting(ToolCall::name)
                .containsExactly("ping");
        assertThat(calls(script("demo", "get_weather", TOOLS, allowed.formatted("auto"))))
                .isEmpty();
    }

    @Test
    void aDemandedCustomToolIsRefused() {
        assertThatThrownBy(() -> script(
                        "demo",
                        "hi",
                        "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}],\"tool_choice\":\"required\""))
                .isInstanceOfSatisfying(GatewayException.InvalidRequest.class, refusal -> assertThat(refusal.param())
                        .isEqualTo("tool_choice"));
    }

    @Test
    void callsOfSeveralChoicesHaveIdsOfTheirOwn() {
        ChatResponse response = whole(script("demo", "ping", TOOLS, "\"n\":2"));
        assertThat(response.choices())
                .extracting(choice -> choice.message().toolCalls().getFirst().id())
                .doesNotHaveDuplicates();
    }

    @Test
    void aToolResultIsQuoted() {
        String messages = """
            [{"role":"user","content":"use a tool"},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"a","function":{"name":"ping"}},{"id":"b","function":{"name":"ping"}}]},
             {"role":"tool","tool_call_id":"a","content":"pong"}%s],%s,"tool_choice":"required"
            """;
        assertThat(text(script("demo", request(messages.formatted("", TOOLS)))))
                .isEqualTo("This is Mehari's demo provider. The tool answered: \"pong\".");
        String second = ",{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"pang\"}";
        assertThat(text(script("demo", request(messages.formatted(second, TOOLS)))))
                .endsWith("The tools answered: \"pong\", \"pang\".");
    }

    @Test
    void jsonIsAnsweredWhenAFormatAsksForIt() throws Exception {
        DemoScript any = script("demo", "hi", "\"response_format\":{\"type\":\"json_object\"}");
        assertThat(Json.MAPPER.readTree(text(any)).get("message").asText()).endsWith("You said: \"hi\".");
        DemoScript schema = script(
                "demo",
                "hi",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":"
                        + "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"number\"}}}}}");
        assertThat(text(schema)).isEqualTo("{\"a\":1}");
        assertThat(text(script("demo", "hi", "\"response_format\":{\"type\":\"text\"}")))
                .startsWith("This is");
    }

    @Test
    void argumentsAreValidJsonHoweverTheyAreCut() throws Exception {
        JsonNode arguments = Json.MAPPER.readTree(
                calls(script("demo", "use a tool", TOOLS)).getFirst().arguments());
        assertThat(arguments.isObject()).isTrue();
    }
}
