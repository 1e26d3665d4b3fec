package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own client in front of a Bedrock agent. */
@Timeout(30)
class BedrockAgentSdkTest {
    private static final String INVOCATION = "01234567-89ab-cdef-0123-456789abcdef";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock-agent.base-url=" + upstream.address(),
                "mehari.providers.bedrock-agent.aws.access-key-id=AKID",
                "mehari.providers.bedrock-agent.aws.secret-access-key=secret",
                "mehari.providers.bedrock-agent.aws.agent-id=AGENT12345",
                "mehari.providers.bedrock-agent.aws.agent-alias-id=ALIAS67890");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static String chunk(String text) {
        return "event chunk {\"bytes\":\"" + Base64.getEncoder().encodeToString(text.getBytes()) + "\"}";
    }

    private static String session() {
        String path = upstream.last().path();
        String prefix = "/agents/AGENT12345/agentAliases/ALIAS67890/sessions/";
        assertThat(path).startsWith(prefix).endsWith("/text");
        return path.substring(prefix.length(), path.length() - "/text".length());
    }

    @Test
    void aPlainCallIsSignedAndGathered() {
        upstream.answer(EventFrames.stream(chunk("Hello "), chunk("there")));
        ChatCompletion answer = client.create(Sdk.ask("bedrock-agent").build());
        assertThat(Sdk.said(answer)).isEqualTo("Hello there");
        assertThat(answer.usage()).isEmpty();
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(upstream.last().header("authorization")).startsWith("AWS4-HMAC-SHA256 Credential=AKID/");
    }

    @Test
    void theSessionIsTheClientsOwnWhereItNamesOne() {
        upstream.answer(EventFrames.stream(chunk("Hi")));
        String plain = "{\"model\":\"bedrock-agent\",%s\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        gateway.chat(plain.formatted("\"user\":\"ann\",\"call\":{\"id\":\"call-1\"},"), "x-session-id", "s-1:2.3_4");
        assertThat(session()).isEqualTo("s-1%3A2.3_4");
        gateway.chat(plain.formatted("\"user\":\"ann\",\"call\":{\"id\":\"call-1\"},"));
        assertThat(session()).isEqualTo("ann");
        gateway.chat(plain.formatted("\"call\":{\"id\":\"call-1\",\"orgId\":\"o\"},"));
        assertThat(session()).isEqualTo("call-1");
        gateway.chat(plain.formatted("\"user\":\"ann@example.com and a blank\","));
        assertThat(session()).matches("mehari-[0-9a-f]{64}");
    }

    @Test
    void withoutANameItIsTheSameInEveryTurnOfAConversation() {
        upstream.answer(EventFrames.stream(chunk("Hi")));
        String turn = "{\"model\":\"bedrock-agent\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},"
                + "{\"role\":\"user\",\"content\":\"%s\"}%s]}";
        gateway.chat(turn.formatted("hello", ""));
        String first = session();
        gateway.chat(turn.formatted(
                "hello", ",{\"role\":\"assistant\",\"content\":\"Hi\"},{\"role\":\"user\",\"content\":\"more\"}"));
        assertThat(session()).isEqualTo(first);
        gateway.chat(turn.formatted("another", ""));
        assertThat(session()).isNotEqualTo(first);
    }

    @Test
    void whatItWantsDoneGoesRoundTrip() throws Exception {
        upstream.answer(EventFrames.stream(
                chunk("One moment."),
                "event returnControl {\"invocationId\":\"" + INVOCATION + "\",\"invocationInputs\":["
                        + "{\"functionInvocationInput\":{\"actionGroup\":\"weather_\",\"function\":\"get\",\"parameters\":["
                        + "{\"name\":\"days\",\"type\":\"integer\",\"value\":\"3\"}]}},"
                        + "{\"apiInvocationInput\":{\"actionGroup\":\"orders\",\"apiPath\":\"/orders/{id}\",\"httpMethod\":\"GET\","
                        + "\"agentId\":\"COLLEAGUE1\"}}]}"));
        ChatCompletionCreateParams.Builder talk = Sdk.ask("bedrock-agent");
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = client.stream(talk.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        ChatCompletion first = accumulator.chatCompletion();
        assertThat(first.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageFunctionToolCall> calls =
                first.choices().getFirst().message().toolCalls().orElseThrow().stream()
                        .map(call -> call.asFunction())
                        .toList();
        assertThat(calls)
                .extracting(call -> call.function().name())
                .containsExactly("weather___get", "orders__get_orders_id");
        assertThat(calls.getFirst().function().arguments()).isEqualTo("{\"days\":3}");
        assertThat(calls).allMatch(call -> call.id().length() <= 64);

        talk.addMessage(first.choices().getFirst().message());
        talk.addMessage(ChatCompletionToolMessageParam.builder()
                .toolCallId(calls.get(0).id())
                .content("{\"t\":3}")
                .build());
        talk.addMessage(ChatCompletionToolMessageParam.builder()
                .toolCallId(calls.get(1).id())
                .content("gone")
                .putAdditionalProperty("is_error", JsonValue.from(true))
                .build());
        upstream.answer(EventFrames.stream(chunk("Sunny.")));
        assertThat(Sdk.said(client.create(talk.build()))).isEqualTo("Sunny.");
        JsonNode sent = upstream.last().json();
        assertThat(sent.has("inputText")).isFalse();
        assertThat(sent.at("/sessionState/invocationId").asText()).isEqualTo(INVOCATION);
        JsonNode results = sent.at("/sessionState/returnControlInvocationResults");
        assertThat(results.at("/0/functionResult").toString())
                .isEqualTo("{\"actionGroup\":\"weather_\",\"function\":\"get\","
                        + "\"responseBody\":{\"TEXT\":{\"body\":\"{\\\"t\\\":3}\"}}}");
        assertThat(results.at("/1/apiResult").toString())
                .isEqualTo("{\"actionGroup\":\"orders\",\"httpMethod\":\"GET\",\"apiPath\":\"/orders/{id}\","
                        + "\"httpStatusCode\":500,\"agentId\":\"COLLEAGUE1\",\"responseState\":\"REPROMPT\","
                        + "\"responseBody\":{\"application/json\":{\"body\":\"gone\"}}}");

        talk.addUserMessage("and tomorrow?");
        assertThat(Sdk.said(client.create(talk.build()))).isEqualTo("Sunny.");
        JsonNode withWords = upstream.last().json();
        assertThat(withWords.has("inputText")).isFalse();
        assertThat(withWords.at("/sessionState/promptSessionAttributes/user").asText())
                .as("InvokeAgent ignores the text beside results")
                .isEqualTo("and tomorrow?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bedrock-agent", "", "gpt-of-nobody"})
    void itAnswersForBedrockWhereNoModelOfItsIsNamed(String model) {
        upstream.answer(EventFrames.stream(chunk("The agent.")));
        String named = model.isEmpty() ? "" : "\"model\":\"" + model + "\",";
        String answer = gateway.chat(
                        "{" + named + "\"provider\":\"bedrock\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .body();
        assertThat(answer).contains("The agent.");
    }

    @Test
    void aModelOfBedrocksGoesToConverseAllTheSame() {
        upstream.answer(
                Script.json(
                        200,
                        "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"model\"}]}},\"stopReason\":\"end_turn\"}"));
        String answer = gateway.chat("{\"model\":\"amazon.nova-pro-v1:0\",\"provider\":\"bedrock\",\"messages\":["
                        + "{\"role\":\"user\",\"content\":\"hi\"}]}")
                .body();
        assertThat(answer).contains("\"model\"");
        assertThat(upstream.last().path()).endsWith("/converse");
    }

    @Test
    void anotherAgentIsNamedByItsIdAndAlias() {
        upstream.answer(EventFrames.stream(chunk("Other.")));
        gateway.chat(
                "{\"model\":\"bedrock-agent/OTHER00001/LIVE000001\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "x-session-id",
                "s1");
        assertThat(upstream.last().path()).isEqualTo("/agents/OTHER00001/agentAliases/LIVE000001/sessions/s1/text");
    }

    @Test
    void errorsAreTyped() {
        upstream.answer(Script.json(
                429,
                "{\"message\":\"Too many requests\"}",
                "x-amzn-ErrorType",
                "ThrottlingException:http://internal/"));
        assertThatThrownBy(() -> client.create(Sdk.ask("bedrock-agent").build()))
                .isInstanceOf(RateLimitException.class);
    }

    @Test
    void theFirstTokenLeavesBeforeTheSecondArrives() {
        CountDownLatch firstWasRead = new CountDownLatch(1);
        upstream.answer(EventFrames.stream()
                .chunk(EventFrames.of(List.of(chunk("one"))))
                .await(firstWasRead)
                .chunk(EventFrames.of(List.of(chunk("two"))))
                .endChunks());
        try (StreamResponse<ChatCompletionChunk> stream =
                client.stream(Sdk.ask("bedrock-agent").build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            String first = "";
            while (first.isEmpty()) {
                first = chunks.next().choices().getFirst().delta().content().orElse("");
            }
            assertThat(first).isEqualTo("one");
            firstWasRead.countDown();
            assertThat(chunks.next().choices().getFirst().delta().content()).contains("two");
        }
    }

    @Test
    void aClientThatLeavesClosesTheUpstream() throws InterruptedException {
        upstream.reset();
        upstream.answer(EventFrames.stream()
                .chunk(EventFrames.of(List.of(chunk("half"))))
                .hang());
        StreamResponse<ChatCompletionChunk> stream =
                client.stream(Sdk.ask("bedrock-agent").build());
        assertThat(stream.stream().findFirst()).isPresent();
        stream.close();
        upstream.awaitRequest().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void metadataBecomesSessionAttributes() throws Exception {
        upstream.answer(EventFrames.stream(chunk("Hi")));
        client.create(Sdk.ask("bedrock-agent")
                .putAdditionalBodyProperty("metadata", JsonValue.from(Map.of("tier", "gold")))
                .build());
        assertThat(upstream.last()
                        .json()
                        .at("/sessionState/sessionAttributes/tier")
                        .asText())
                .isEqualTo("gold");
    }
}
