package dev.mehari.dialect.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesRequestReaderTest {
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String TOOLS =
            "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]";
    private static final String CALL = "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":["
            + "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{}}]}";

    private static ChatRequest read(String body) {
        return new MessagesDialect()
                .read(body.getBytes(StandardCharsets.UTF_8), false)
                .request()
                .get();
    }

    private static ChatRequest with(String field) {
        return read("{\"model\":\"m\",\"max_tokens\":4000," + HI + (field.isEmpty() ? "" : "," + field) + "}");
    }

    private static ChatRequest saying(String messages) {
        return read("{\"model\":\"m\",\"max_tokens\":4000,\"messages\":[" + messages + "]}");
    }

    private static ChatRequest user(String blocks) {
        return saying("{\"role\":\"user\",\"content\":[" + blocks + "]}");
    }

    private static ContentPart part(String block) {
        return ((Message.User) user(block).messages().getFirst()).content().getFirst();
    }

    @Test
    void systemIsTheFirstMessageWithoutTheBillingHeader() {
        ChatRequest request = with("\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: v=1\"},"
                + "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\",\"cache_control\":"
                + "{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]");
        Message.Instructions system = (Message.Instructions) request.messages().getFirst();
        assertThat(system.content())
                .extracting(ContentPart.Text.class::cast)
                .extracting(ContentPart.Text::text)
                .containsExactly("a", "b");
        assertThat(system.content().getLast().cache().ttl()).isEqualTo("1h");
        assertThat(with("\"system\":\"a\"").messages()).hasSize(2);
        assertThat(with("\"system\":[]").messages()).hasSize(1);
    }

    @Test
    void aSystemMessageStaysWhereItStands() {
        ChatRequest request = saying("{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"b\"},"
                + "{\"role\":\"assistant\",\"content\":\"c\"},{\"role\":\"user\",\"content\":\"d\"}");
        assertThat(request.messages().get(1)).isInstanceOf(Message.Instructions.class);
        assertThat(RequestField.LATE_SYSTEM.isIn(request)).isTrue();
    }

    @Test
    void picturesAndDocumentsKeepTheirSourceAndWhatIsSaidOfThem() {
        assertThat(
                        part(
                                "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"aa\"}}"))
                .isEqualTo(new ContentPart.Image(new MediaSource.Inline("image/png", "aa"), null, null));
        assertThat(part("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x/y\"}}"))
                .isEqualTo(new ContentPart.Image(new MediaSource.Url("https://x/y"), null, null));
        assertThat(part("{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f1\"}}"))
                .isEqualTo(new ContentPart.Image(new MediaSource.FileId("f1"), null, null));
        ContentPart.Document pdf =
                (ContentPart.Document) part("{\"type\":\"document\",\"title\":\"T\",\"context\":\"C\","
                        + "\"citations\":{\"enabled\":true},\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\","
                        + "\"data\":\"aa\"},\"cache_control\":{\"type\":\"ephemeral\"}}");
        assertThat(pdf.source()).isEqualTo(new MediaSource.Inline("application/pdf", "aa"));
        assertThat(pdf.name()).isEqualTo("T");
        assertThat(pdf.cache()).isNotNull();
        assertThat(pdf.extras().fields()).containsOnlyKeys("context", "citations");
        ContentPart.Document text = (ContentPart.Document)
                part(
                        "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"grüße\"}}");
        assertThat(plain(text)).isEqualTo("grüße");
    }

    private static String plain(ContentPart.Document document) {
        return new String(
                Base64.getDecoder().decode(((MediaSource.Inline) document.source()).base64()), StandardCharsets.UTF_8);
    }

    @Test
    void aDocumentOfBlocksKeepsItsTextAndItsPictures() {
        Message.User message =
                (Message.User) user("{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":["
                                + "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x/y\"}},"
                                + "{\"type\":\"text\",\"text\":\"b\"}]}}")
                        .messages()
                        .getFirst();
        assertThat(plain((ContentPart.Document) message.content().getFirst())).isEqualTo("a\nb");
        assertThat(message.content().get(1)).isInstanceOf(ContentPart.Image.class);
    }

    @Test
    void aSearchResultIsItsWords() {
        ContentPart.Text text =
                (ContentPart.Text) part("{\"type\":\"search_result\",\"source\":\"https://x\",\"title\":\"T\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}");
        assertThat(text.text()).isEqualTo("T\nhttps://x\n\na\n\nb");
    }

    @Test
    void resultsComeRightBehindTheirCallsWhereverTheyStand() {
        ChatRequest request = saying(CALL + ",{\"role\":\"user\",\"content\":\"wait\"},{\"role\":\"user\",\"content\":["
                + "{\"type\":\"text\",\"text\":\"so\"},{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"is_error\":true,"
                + "\"content\":[{\"type\":\"text\",\"text\":\"down\"},{\"type\":\"image\",\"source\":"
                + "{\"type\":\"url\",\"url\":\"https://x/y\"}}],\"cache_control\":{\"type\":\"ephemeral\"}}]}");
        assertThat(request.messages()).hasSize(5);
        Message.ToolResult result = (Message.ToolResult) request.messages().get(2);
        assertThat(result.callId()).isEqualTo("t1");
        assertThat(result.isError()).isTrue();
        assertThat(result.content()).hasSize(2);
        assertThat(result.content().getLast().cache()).isNotNull();
        assertThat(request.messages().get(3).text()).isEqualTo("wait");
        assertThat(request.messages().get(4).text()).isEqualTo("so");
    }

    @Test
    void whatTheAssistantSaidKeepsItsOrder() {
        ChatRequest request = saying(
                "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":["
                        + "{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"c2ln\"},"
                        + "{\"type\":\"redacted_thinking\",\"data\":\"aGlk\"},"
                        + "{\"type\":\"thinking\",\"thinking\":\"b\",\"signature\":\"mehari:unsigned\"},"
                        + "{\"type\":\"text\",\"text\":\"c\"},{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}},"
                        + "{\"type\":\"tool_use\",\"id\":\"mhid_ZnVuY3Rpb25zLmY6MA\",\"name\":\"f\",\"input\":{\"n\": 1.50,\"a\":[]}}]},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"mhid_ZnVuY3Rpb25zLmY6MA\"}]}");
        List<AssistantPart> parts = ((Message.Assistant) request.messages().get(1)).content();
        assertThat(parts.get(0)).isEqualTo(new AssistantPart.Reasoning(null, "a", "c2ln"));
        assertThat(parts.get(1)).isEqualTo(new AssistantPart.RedactedReasoning("aGlk"));
        assertThat(parts.get(2)).isEqualTo(AssistantPart.Reasoning.of("b"));
        assertThat(parts.get(3)).isEqualTo(ContentPart.Text.of("c"));
        assertThat(parts.get(4)).isInstanceOf(ContentPart.Opaque.class);
        assertThat(parts.get(5)).isEqualTo(ToolCall.function("functions.f:0", "f", "{\"n\":1.50,\"a\":[]}"));
        assertThat(((Message.ToolResult) request.messages().get(2)).callId()).isEqualTo("functions.f:0");
    }

    @Test
    void toolsKeepTheirSchemaStrictnessAndMarks() {
        Tool.Function tool =
                (Tool.Function) with("\"tools\":[{\"type\":\"custom\",\"name\":\"f\",\"description\":\"d\","
                                + "\"strict\":true,\"input_schema\":{\"type\":\"object\"},\"cache_control\":{\"type\":\"ephemeral\"}}]")
                        .tooling()
                        .tools()
                        .getFirst();
        assertThat(tool.description()).isEqualTo("d");
        assertThat(tool.strict()).isTrue();
        assertThat(tool.parameters()).hasToString("{\"type\":\"object\"}");
        assertThat(tool.cache()).isNotNull();
        assertThat(with("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]")
                        .tooling()
                        .tools()
                        .getFirst())
                .isInstanceOf(Tool.BuiltIn.class);
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of("{\"type\":\"auto\"}", new ToolChoice.Auto()),
                Arguments.of("{\"type\":\"any\"}", new ToolChoice.Required()),
                Arguments.of("{\"type\":\"none\"}", new ToolChoice.None()),
                Arguments.of("{\"type\":\"tool\",\"name\":\"f\"}", new ToolChoice.Named("f", false)));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theChoiceOfToolsIsKept(String json, ToolChoice expected) {
        assertThat(with(TOOLS + ",\"tool_choice\":" + json).tooling().choice()).isEqualTo(expected);
    }

    @Test
    void oneCallATurnIsKept() {
        assertThat(with(TOOLS + ",\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}")
                        .tooling()
                        .parallel())
                .isFalse();
    }

    @Test
    void samplingThinkingAndTermsAreKept() {
        ChatRequest request = with(
                "\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,\"stop_sequences\":[\"END\"],"
                        + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048,\"display\":\"omitted\"},"
                        + "\"output_config\":{\"effort\":\"xhigh\"},\"metadata\":{\"user_id\":\"u\"},\"service_tier\":\"standard_only\"");
        assertThat(request.sampling().maxTokens()).isEqualTo(4000);
        assertThat(request.sampling().temperature()).isEqualTo(0.5);
        assertThat(request.sampling().topP()).isEqualTo(0.9);
        assertThat(request.sampling().topK()).isEqualTo(40);
        assertThat(request.sampling().stop()).containsExactly("END");
        assertThat(request.reasoning()).isEqualTo(new ChatRequest.Reasoning("xhigh", "enabled", 2048, "omitted"));
        assertThat(request.terms().user()).isEqualTo("u");
        assertThat(request.terms().serviceTier()).isEqualTo("default");
        assertThat(request.extras().fields()).isEmpty();
    }

    @Test
    void aSchemaIsStrictWhereOpenAiTakesItAsOne() {
        String closed = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],"
                + "\"additionalProperties\":false}";
        assertThat(schema(closed).strict()).isTrue();
        assertThat(schema(closed.replace("\"a\"]", "]")).strict()).isNull();
        assertThat(schema("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\"}},\"required\":[\"a\"],"
                                + "\"additionalProperties\":false}")
                        .strict())
                .isNull();
        ResponseFormat.JsonSchema older = (ResponseFormat.JsonSchema)
                with("\"output_format\":{\"type\":\"json_schema\",\"schema\":" + closed + "}")
                        .output()
                        .format();
        assertThat(older.schema()).hasToString(closed);
    }

    private static ResponseFormat.JsonSchema schema(String schema) {
        return (ResponseFormat.JsonSchema)
                with("\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}")
                        .output()
                        .format();
    }

    @Test
    void whatHasNoHomeIsKeptByItsPath() {
        ChatRequest request = read(
                "{\"model\":\"m\",\"max_tokens\":10,\"later\":1,\"container\":null,"
                        + "\"metadata\":{\"user_id\":\"u\",\"x\":1},\"output_config\":{\"task_budget\":{}},"
                        + "\"thinking\":{\"type\":\"adaptive\",\"y\":2},\"tools\":[{\"name\":\"f\",\"input_schema\":{},\"defer_loading\":true}],"
                        + "\"messages\":[{\"role\":\"user\",\"id\":\"m1\",\"content\":[{\"type\":\"text\",\"text\":\"hi\",\"z\":3}]}]}");
        assertThat(request.extras().fields().keySet())
                .containsExactlyInAnyOrder(
                        "later",
                        "metadata.x",
                        "output_config.task_budget",
                        "thinking.y",
                        "tools[].defer_loading",
                        "messages[].id",
                        "messages[].content[].z");
    }

    @Test
    void everyFieldOfTheApiHasANameAndCanBeAskedFor() {
        assertThat(MessagesFields.NAMES.named("stop")).isEqualTo("stop_sequences");
        assertThat(MessagesFields.NAMES.named("response_format")).isEqualTo("output_config.format");
        assertThat(MessagesFields.NAMES.named("user")).isEqualTo("metadata.user_id");
        assertThat(MessagesFields.NAMES.named("later")).isEqualTo("later");
        assertThat(MessagesFields.NAMES.names()).doesNotContainKeys(RequestField.SEED, RequestField.CHOICES);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("{\"model\":\"m\",\"max_tokens\":1}", "messages"),
                Arguments.of("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}", "messages"),
                Arguments.of("{\"model\":\"m\",\"max_tokens\":1,\"messages\":{}}", "messages"),
                Arguments.of("{\"model\":\"m\"," + HI + "}", "max_tokens"),
                Arguments.of("{\"model\":\"m\",\"max_tokens\":0," + HI + "}", "max_tokens"),
                Arguments.of("{\"model\":\"m\",\"max_tokens\":\"9\"," + HI + "}", "max_tokens"),
                Arguments.of("{\"model\":5,\"max_tokens\":1," + HI + "}", "model"),
                Arguments.of(messages("{\"content\":\"x\"}"), "messages[0].role"),
                Arguments.of(messages("{\"role\":\"boss\",\"content\":\"x\"}"), "messages[0].role"),
                Arguments.of(messages("{\"role\":\"user\"}"), "messages[0].content"),
                Arguments.of(messages("{\"role\":\"user\",\"content\":5}"), "messages[0].content"),
                Arguments.of(messages("{\"role\":\"user\",\"content\":\"\"}"), "messages[0].content"),
                Arguments.of(messages("{\"role\":\"user\",\"content\":[\"x\"]}"), "messages[0].content[0]"),
                Arguments.of(
                        messages("{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}"), "messages[0].content[0].type"),
                Arguments.of(
                        messages("{\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}"),
                        "messages[0].content[0].type"),
                Arguments.of(
                        messages("{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}"),
                        "messages[0].content[0].text"),
                Arguments.of(
                        messages("{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}"),
                        "messages[0].content[0].source"),
                Arguments.of(
                        messages(
                                "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"ftp\"}}]}"),
                        "messages[0].content[0].source.type"),
                Arguments.of(
                        messages(
                                "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"a\"}}]}"),
                        "messages[0].content[0].source.media_type"),
                Arguments.of(
                        messages(
                                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"poem\"}]}"),
                        "messages[1].content[0].type"),
                Arguments.of(
                        messages(
                                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":\"{}\"}]}"),
                        "messages[1].content[0].input"),
                Arguments.of(
                        messages(
                                "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"nobody\"}]}"),
                        "messages[0].content[0].tool_use_id"),
                Arguments.of(messages(CALL + ",{\"role\":\"user\",\"content\":\"and?\"}"), "messages"),
                Arguments.of(messages(CALL), "messages"),
                Arguments.of(
                        messages(CALL
                                + ",{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\"},"
                                + "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\"}]}"),
                        "messages[2].content[1].tool_use_id"),
                Arguments.of(body("\"temperature\":1.5"), "temperature"),
                Arguments.of(body("\"top_k\":\"x\""), "top_k"),
                Arguments.of(body("\"stop_sequences\":\"x\""), "stop_sequences"),
                Arguments.of(body("\"stop_sequences\":[\" \"]"), "stop_sequences[0]"),
                Arguments.of(body("\"tools\":[{\"name\":\"f\"}]"), "tools[0].input_schema"),
                Arguments.of(body("\"tools\":[{\"input_schema\":{}}]"), "tools[0].name"),
                Arguments.of(body("\"tool_choice\":\"auto\""), "tool_choice"),
                Arguments.of(body("\"tool_choice\":{\"type\":\"some\"}"), "tool_choice.type"),
                Arguments.of(body("\"tool_choice\":{\"type\":\"any\"}"), "tool_choice.type"),
                Arguments.of(body("\"tool_choice\":{\"type\":\"tool\",\"name\":\"g\"}"), "tool_choice.name"),
                Arguments.of(body("\"thinking\":{\"type\":\"deep\"}"), "thinking.type"),
                Arguments.of(body("\"thinking\":{\"type\":\"enabled\"}"), "thinking.budget_tokens"),
                Arguments.of(
                        body("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":10}"), "thinking.budget_tokens"),
                Arguments.of(body("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5000}"), "max_tokens"),
                Arguments.of(body("\"output_config\":{\"effort\":\"none\"}"), "output_config.effort"),
                Arguments.of(body("\"output_config\":{\"format\":{\"type\":\"xml\"}}"), "output_config.format.type"),
                Arguments.of(body("\"service_tier\":\"gold\""), "service_tier"),
                Arguments.of(body("\"metadata\":{\"user_id\":5}"), "metadata.user_id"),
                Arguments.of(body("\"stream\":\"yes\""), "stream"),
                Arguments.of(body("\"system\":5"), "system"));
    }

    private static String messages(String messages) {
        return "{\"model\":\"m\",\"max_tokens\":4000,\"messages\":[" + messages + "]}";
    }

    private static String body(String field) {
        return "{\"model\":\"m\",\"max_tokens\":4000," + HI + "," + field + "}";
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("bad")
    void whatIsWrongIsRefusedByItsPath(String body, String param) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(InvalidRequest.class, refused -> {
            assertThat(refused.param()).isEqualTo(param);
            assertThat(refused.text()).contains(param);
            assertThat(refused.status()).isEqualTo(400);
        });
    }
}
