package dev.mehari.client.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import dev.mehari.testing.family.Families;
import dev.mehari.testing.family.Family;
import dev.mehari.testing.family.Model;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A coding agent's session, streamed: a call, two calls at once, the report. Thoughts come back to the provider as they were,
 * and marks for its prompt cache reach it.
 */
@Timeout(60)
class AgentSessionTest {
    private static final String SCHEMA = """
            {"type":"object","properties":{"path":{"type":"string"}},"required":["path"],"additionalProperties":false}""";

    private static final String BOTH_THOUGHTS = Model.FIRST_SIGNATURE + ", " + Model.SECOND_SIGNATURE;

    private static Families families;
    private static AnthropicClient anthropic;
    private static OpenAIClient openai;

    @BeforeAll
    static void start() {
        families = Families.start();
        String url = families.gateway().url();
        anthropic = AnthropicOkHttpClient.builder()
                .baseUrl(url)
                .apiKey(Families.KEY)
                .maxRetries(0)
                .build();
        openai = OpenAIOkHttpClient.builder()
                .baseUrl(url + "/v1")
                .apiKey(Families.KEY)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        anthropic.close();
        openai.close();
        families.close();
    }

    /** What the tools of the agent say. */
    private static String run(String tool, String arguments) throws Exception {
        return tool.equals("list_files")
                ? "a.txt b.txt"
                : "text of " + RealClient.JSON.readTree(arguments).path("path").asText();
    }

    private static String report(String thoughts, int marks) {
        return "results: a.txt b.txt, text of a.txt, text of b.txt; tools: list_files, read_file; thoughts: " + thoughts
                + "; cache marks: " + marks;
    }

    private static Tool.Builder tool(String name) throws Exception {
        return Tool.builder()
                .name(name)
                .description(name)
                .inputSchema(RealClient.JSON.readValue(SCHEMA, Tool.InputSchema.class));
    }

    private static Message streamed(MessageCreateParams ask) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (com.anthropic.core.http.StreamResponse<RawMessageStreamEvent> events =
                anthropic.messages().createStreaming(ask)) {
            events.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.message();
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void overMessages(Family family) throws Exception {
        CacheControlEphemeral mark = CacheControlEphemeral.builder().build();
        MessageCreateParams.Builder talk = MessageCreateParams.builder()
                .model(family.model())
                .maxTokens(4000)
                .enabledThinking(2000)
                .systemOfTextBlockParams(List.of(TextBlockParam.builder()
                        .text("You work on code.")
                        .cacheControl(mark)
                        .build()))
                .addTool(tool("list_files").build())
                .addTool(tool("read_file").cacheControl(mark).build())
                .addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofText(TextBlockParam.builder()
                        .text("agent")
                        .cacheControl(mark)
                        .build())));
        Message answer = streamed(talk.build());
        for (int turn = 1; answer.stopReason().orElseThrow().equals(StopReason.TOOL_USE); turn++) {
            assertThat(turn).as("turns").isLessThan(3);
            List<ContentBlockParam> results = new ArrayList<>();
            for (ContentBlock block : answer.content()) {
                if (block.isToolUse()) {
                    String input = RealClient.JSON
                            .valueToTree(block.asToolUse()._input())
                            .toString();
                    results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                            .toolUseId(block.asToolUse().id())
                            .content(run(block.asToolUse().name(), input))
                            .build()));
                }
            }
            talk.addMessage(answer).addUserMessageOfContentBlockParams(results);
            answer = streamed(talk.build());
        }
        boolean thinks = family != Family.OPENAI && family != Family.AZURE;
        boolean caches = family == Family.ANTHROPIC || family == Family.BEDROCK;
        assertThat(AnthropicJava.said(answer)).isEqualTo(report(thinks ? BOTH_THOUGHTS : "", caches ? 3 : 0));
    }

    private static ResponseCreateParams.Builder ask(Family family, List<ResponseInputItem> input) throws Exception {
        ResponseCreateParams.Builder ask = ResponseCreateParams.builder()
                .model(family.model())
                .inputOfResponse(input)
                .reasoning(Reasoning.builder().effort(ReasoningEffort.MEDIUM).build())
                .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT);
        for (String name : List.of("list_files", "read_file")) {
            ask.addTool(FunctionTool.builder()
                    .name(name)
                    .description(name)
                    .strict(true)
                    .parameters(RealClient.JSON.readValue(SCHEMA, FunctionTool.Parameters.class))
                    .build());
        }
        return ask;
    }

    private static Response streamed(ResponseCreateParams ask) {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> events = openai.responses().createStreaming(ask)) {
            events.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.response();
    }

    private static List<ResponseInputItem> results(Response answer) throws Exception {
        List<ResponseInputItem> results = new ArrayList<>();
        for (ResponseOutputItem item : answer.output()) {
            if (item.isFunctionCall()) {
                results.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                        .callId(item.asFunctionCall().callId())
                        .output(run(
                                item.asFunctionCall().name(),
                                item.asFunctionCall().arguments()))
                        .build()));
            }
        }
        return results;
    }

    /** Either the client sends the history along, or it refers to the answer before. */
    @ParameterizedTest
    @CsvSource({
        "OPENAI,true", "AZURE,true", "ANTHROPIC,true", "GEMINI,true", "BEDROCK,true",
        "OPENAI,false", "AZURE,false", "ANTHROPIC,false", "GEMINI,false", "BEDROCK,false"
    })
    void overResponses(Family family, boolean sending) throws Exception {
        List<ResponseInputItem> history =
                new ArrayList<>(List.of(ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                        .role(EasyInputMessage.Role.USER)
                        .content("agent")
                        .build())));
        Response answer = streamed(ask(family, history).store(!sending).build());
        for (int turn = 1; !results(answer).isEmpty(); turn++) {
            assertThat(turn).as("turns").isLessThan(3);
            if (sending) {
                answer.output()
                        .forEach(item -> history.add(RealClient.JSON.convertValue(item, ResponseInputItem.class)));
                history.addAll(results(answer));
                answer = streamed(ask(family, history).store(false).build());
            } else {
                answer = streamed(ask(family, results(answer))
                        .previousResponseId(answer.id())
                        .build());
            }
        }
        assertThat(OpenAiJavaResponses.said(answer)).isEqualTo(report(BOTH_THOUGHTS, 0));
    }
}
