package dev.mehari.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.CacheMark;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatRequestReaderTest {
    private static ChatRequest read(String json) {
        return ChatRequestReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A request with these fields beside the least it needs. */
    private static ChatRequest with(String fields) {
        return read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + fields + "}");
    }

    private static List<Message> messages(String... messages) {
        return read("{\"model\":\"m\",\"messages\":[" + String.join(",", messages) + "]}")
                .messages();
    }

    private static void refused(Runnable reading, String param, String... words) {
        assertThatThrownBy(reading::run).isInstanceOfSatisfying(InvalidRequest.class, refusal -> {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.param()).isEqualTo(param);
            assertThat(List.of(words))
                    .allSatisfy(word -> assertThat(refusal.text()).contains(word));
        });
    }

    @Test
    void theLeastRequestHasDefaultsEverywhere() {
        ChatRequest request = read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(request)
                .isEqualTo(new ChatRequest(
                        "m",
                        List.of(Message.User.of("hi")),
                        ChatRequest.Tooling.NONE,
                        ChatRequest.Sampling.DEFAULTS,
                        ChatRequest.Reasoning.DEFAULTS,
                        ChatRequest.Output.DEFAULTS,
                        ChatRequest.Delivery.WHOLE,
                        ChatRequest.Terms.NONE,
                        Extras.NONE));
    }

    @Test
    void everyFieldHasAHome() throws Exception {
        ChatRequest request = with("""
            "stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},
            "max_completion_tokens":250.0,"max_tokens":9,"temperature":0.5,"top_p":1,"top_k":40,"n":2,
            "stop":["a","b"],"presence_penalty":-2,"frequency_penalty":2,"seed":9007199254740993,
            "logprobs":true,"top_logprobs":20,"parallel_tool_calls":false,"reasoning_effort":"high",
            "verbosity":"low","modalities":["text","audio"],"response_format":{"type":"json_object"},
            "service_tier":"flex","prompt_cache_key":"k","safety_identifier":"s","user":"u","store":true,
            "metadata":{"b":"2","a":"1"},
            "logit_bias":{"50256":-100},"audio":{"voice":"alloy","format":"mp3"},
            "prediction":{"type":"content","content":"x"},"web_search_options":{},
            "prompt_cache_options":{"mode":"explicit"},"prompt_cache_retention":"24h",
            "moderation":{"model":"x"},"call":{"id":1},"big":1.50
            """);
        assertThat(request.delivery()).isEqualTo(new ChatRequest.Delivery(true, true));
        assertThat(request.sampling())
                .isEqualTo(new ChatRequest.Sampling(
                        250, 0.5, 1.0, 40, 2, List.of("a", "b"), 9007199254740993L, -2.0, 2.0, true, 20));
        assertThat(request.tooling().parallel()).isFalse();
        assertThat(request.reasoning().effort()).isEqualTo("high");
        assertThat(request.output())
                .isEqualTo(new ChatRequest.Output(new ResponseFormat.JsonObject(), "low", List.of("text", "audio")));
        assertThat(request.terms())
                .isEqualTo(new ChatRequest.Terms("u", "s", "k", "flex", true, Map.of("b", "2", "a", "1")));
        assertThat(request.extras().fields().keySet())
                .containsExactly(
                        "logit_bias",
                        "audio",
                        "prediction",
                        "web_search_options",
                        "prompt_cache_options",
                        "prompt_cache_retention",
                        "moderation",
                        "call",
                        "big");
        assertThat(Json.text(request.extras().fields().get("big"))).isEqualTo("1.50");
    }

    @Test
    void nullIsAbsent() {
        ChatRequest request = with("""
            "stream":null,"stream_options":null,"max_tokens":null,"temperature":null,"n":null,"stop":null,
            "tools":null,"tool_choice":null,"functions":null,"response_format":null,"metadata":null,"user":null,
            "modalities":null,"extra":null
            """);
        assertThat(request).isEqualTo(with("\"stream\":false"));
    }

    @Test
    void olderTokenLimitCountsWhenTheNewerIsMissing() {
        assertThat(with("\"max_tokens\":7").sampling().maxTokens()).isEqualTo(7);
    }

    @Test
    void aMissingModelIsLeftToTheGateway() {
        assertThat(read("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                        .model())
                .isNull();
    }

    @Test
    void oneStopTextIsAList() {
        assertThat(with("\"stop\":\"END\"").sampling().stop()).containsExactly("END");
        assertThat(with("\"stop\":[\"\",\"x\"]").sampling().stop()).containsExactly("x");
    }

    @Test
    void metadataOfVoicePlatformsStaysRaw() {
        ChatRequest request = with("\"metadata\":{\"numAssistantTurns\":0}");
        assertThat(request.terms().metadata()).isEmpty();
        assertThat(request.extras().get("metadata")).isNotNull();
    }

    @Test
    void unknownTopKIsNoError() {
        assertThat(with("\"top_k\":\"many\"").extras().get("top_k")).isNotNull();
    }

    @Test
    void instructionsKeepTheirRoleAndPlace() {
        assertThat(
                        messages(
                                "{\"role\":\"system\",\"content\":\"a\",\"name\":\"n\"}",
                                "{\"role\":\"user\",\"content\":\"\"}",
                                "{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"b\"},{\"type\":\"text\",\"text\":\"\"}]}"))
                .containsExactly(
                        new Message.Instructions(false, List.of(ContentPart.Text.of("a")), "n", Extras.NONE),
                        new Message.User(List.of(), null, Extras.NONE),
                        new Message.Instructions(true, List.of(ContentPart.Text.of("b")), null, Extras.NONE));
    }

    @Test
    void everyKindOfPartIsRead() {
        Message user = messages("""
            {"role":"user","content":[
              {"type":"text","text":"look","cache_control":{"type":"ephemeral","ttl":"1h"}},
              {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},
              {"type":"image_url","image_url":{"url":"data:image/PNG;base64,AAAA"}},
              {"type":"image_url","image_url":"gs://bucket/x"},
              {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},
              {"type":"file","file":{"file_id":"file-1"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0x"}},
              {"type":"file","file":{"file_data":"JVBERi0x"},"prompt_cache_breakpoint":{"mode":"explicit"}}]}
            """).getFirst();
        var pdf = new MediaSource.Inline("application/pdf", "JVBERi0x");
        assertThat(user.content())
                .isEqualTo(List.of(
                        new ContentPart.Text("look", List.of(), new CacheMark("1h")),
                        new ContentPart.Image(new MediaSource.Url("https://x/y.png"), "low", null),
                        new ContentPart.Image(new MediaSource.Inline("image/png", "AAAA"), null, null),
                        new ContentPart.Image(new MediaSource.Url("gs://bucket/x"), null, null),
                        new ContentPart.Audio("UklG", "wav", null),
                        new ContentPart.Document(new MediaSource.FileId("file-1"), null, null, Extras.NONE),
                        new ContentPart.Document(pdf, "a.pdf", null, Extras.NONE),
                        new ContentPart.Document(pdf, null, new CacheMark(null), Extras.NONE)));
    }

    @Test
    void anAssistantTurnKeepsReasoningTextRefusalAndCalls() {
        Message.Assistant turn = (Message.Assistant) messages("""
            {"role":"assistant","name":"bot","content":"so","refusal":"no","audio":{"id":"a1"},
             "reasoning_content":"ignored beside blocks",
             "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"sig"},
                                {"type":"redacted_thinking","data":"xx"}],
             "tool_calls":[
               {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\": 1.0}"},
                "extra_content":{"google":{"thought_signature":"ts"}}},
               {"id":"c2","type":"custom","custom":{"name":"g","input":"free"}},
               {"id":"c3","type":"function","function":{"name":"f","arguments":""}},
               {"id":"c4","function":{"name":"f"}}]}
            """).getFirst();
        assertThat(turn.content())
                .containsExactly(
                        new AssistantPart.Reasoning(null, "hm", "sig"),
                        new AssistantPart.RedactedReasoning("xx"),
                        ContentPart.Text.of("so"),
                        new AssistantPart.Refusal("no"),
                        new ToolCall("c1", false, "f", "{\"a\": 1.0}", "ts"),
                        new ToolCall("c2", true, "g", "free", null),
                        ToolCall.function("c3", "f", "{}"),
                        ToolCall.function("c4", "f", "{}"));
        assertThat(turn.toolCalls()).hasSize(4);
        assertThat(turn.name()).isEqualTo("bot");
        assertThat(turn.extras().fields().keySet()).containsExactly("audio");
    }

    @Test
    void eitherNameOfPlainReasoningIsRead() {
        for (String name : List.of("reasoning_content", "reasoning")) {
            Message turn = messages("{\"role\":\"assistant\",\"content\":null,\"" + name + "\":\"hm\"}")
                    .getFirst();
            assertThat(turn.content()).isEqualTo(List.of(AssistantPart.Reasoning.of("hm")));
        }
    }

    @Test
    void toolResultsMayHoldImagesErrorsOrNothing() {
        assertThat(messages("{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":null}", """
            {"role":"tool","tool_call_id":"c2","is_error":true,"content":[
              {"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/gif;base64,R0"}}]}
            """))
                .containsExactly(
                        new Message.ToolResult("c1", List.of(), false, Extras.NONE),
                        new Message.ToolResult(
                                "c2",
                                List.of(
                                        ContentPart.Text.of("t"),
                                        new ContentPart.Image(new MediaSource.Inline("image/gif", "R0"), null, null)),
                                true,
                                Extras.NONE));
    }

    @Test
    void aCacheMarkOnAMessageStandsForItsLastPart() {
        Message user = messages("""
            {"role":"user","cache_control":{"type":"ephemeral"},
             "content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}
            """).getFirst();
        assertThat(user.content())
                .isEqualTo(
                        List.of(ContentPart.Text.of("a"), new ContentPart.Text("b", List.of(), new CacheMark(null))));
    }

    @Test
    void everyKindOfToolIsRead() throws Exception {
        ChatRequest request = with("""
            "tools":[
              {"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true},
               "cache_control":{"type":"ephemeral"}},
              {"function":{"name":"bare"}},
              {"type":"custom","custom":{"name":"c","format":{"type":"text"}}},
              {"type":"web_search","x":1}]
            """);
        assertThat(request.tooling().tools())
                .containsExactly(
                        new Tool.Function(
                                "f", "d", Json.MAPPER.readTree("{\"type\":\"object\"}"), true, new CacheMark(null)),
                        new Tool.Function("bare", null, null, null, null),
                        new Tool.Custom("c", null, Json.MAPPER.readTree("{\"type\":\"text\"}")),
                        new Tool.BuiltIn("web_search", Json.MAPPER.readTree("{\"type\":\"web_search\",\"x\":1}")));
    }

    @Test
    void everyToolChoiceIsRead() {
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
                + "{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}],\"tool_choice\":";
        assertThat(with(tools + "\"none\"").tooling().choice()).isEqualTo(new ToolChoice.None());
        assertThat(with(tools + "\"auto\"").tooling().choice()).isEqualTo(new ToolChoice.Auto());
        assertThat(with(tools + "\"required\"").tooling().choice()).isEqualTo(new ToolChoice.Required());
        assertThat(with(tools + "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")
                        .tooling()
                        .choice())
                .isEqualTo(new ToolChoice.Named("f", false));
        assertThat(with(tools + "{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}")
                        .tooling()
                        .choice())
                .isEqualTo(new ToolChoice.Named("c", true));
        assertThat(with(tools
                                + "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":"
                                + "[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}")
                        .tooling()
                        .choice())
                .isEqualTo(new ToolChoice.Allowed(true, List.of("f")));
    }

    @Test
    void legacyFunctionsBecomeTools() {
        ChatRequest request = read("""
            {"model":"m","functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"},
             "messages":[
               {"role":"user","content":"go"},
               {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
               {"role":"function","name":"f","content":"one"},
               {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
               {"role":"function","name":"f","content":"two"},
               {"role":"function","name":"g","content":"orphan"}]}
            """);
        assertThat(request.tooling().legacyFunctions()).isTrue();
        assertThat(request.tooling().choice()).isEqualTo(new ToolChoice.Named("f", false));
        assertThat(request.tooling().tools()).extracting(Tool::name).containsExactly("f");
        String first = ((Message.Assistant) request.messages().get(1))
                .toolCalls()
                .getFirst()
                .id();
        String second = ((Message.Assistant) request.messages().get(3))
                .toolCalls()
                .getFirst()
                .id();
        assertThat(first).startsWith("call_").hasSizeLessThanOrEqualTo(40).isNotEqualTo(second);
        assertThat(((Message.ToolResult) request.messages().get(2)).callId()).isEqualTo(first);
        assertThat(((Message.ToolResult) request.messages().get(4)).callId()).isEqualTo(second);
        assertThat(((Message.ToolResult) request.messages().get(5)).callId()).isNotIn(first, second);
    }

    @Test
    void jsonSchemaFormatIsRead() throws Exception {
        ChatRequest request = with(
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":{}}}");
        assertThat(request.output().format())
                .isEqualTo(new ResponseFormat.JsonSchema("n", null, Json.MAPPER.readTree("{}"), true));
    }

    @Test
    void whatIsNotJsonIsRefusedWithItsPlace() {
        refused(() -> read("{\"model\":}"), null, "not valid JSON", "line 1");
        refused(() -> read(""), null, "not valid JSON");
        refused(() -> read("{} {}"), null, "not valid JSON");
        refused(() -> read("[]"), null, "expected an object");
        refused(() -> read("[".repeat(2000)), null, "not valid JSON");
        refused(() -> ChatRequestReader.read(new byte[] {'{', '"', (byte) 0xff, '"'}), null, "not valid JSON");
    }

    @Test
    void refusalsNameTheField() {
        refused(() -> read("{\"model\":\"m\"}"), "messages", "Missing");
        refused(() -> read("{\"model\":\"m\",\"messages\":[]}"), "messages", "empty array");
        refused(() -> read("{\"model\":\"m\",\"messages\":{}}"), "messages", "array");
        refused(() -> read("{\"model\":7,\"messages\":[]}"), "model", "string", "integer");
        refused(() -> messages("3"), "messages[0]", "object");
        refused(() -> messages("{\"content\":\"x\"}"), "messages[0].role", "Missing");
        refused(() -> messages("{\"role\":\"bot\",\"content\":\"x\"}"), "messages[0].role", "'bot'", "'assistant'");
        refused(() -> messages("{\"role\":\"user\"}"), "messages[0].content", "Missing");
        refused(() -> messages("{\"role\":\"user\",\"content\":5}"), "messages[0].content", "integer");
        refused(() -> messages("{\"role\":\"assistant\",\"content\":null}"), "messages[0].content");
        refused(() -> messages("{\"role\":\"tool\",\"content\":\"x\"}"), "messages[0].tool_call_id");
        refused(
                () -> messages("{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{}}]}"),
                "messages[0].tool_calls[0].function.name");
        refused(
                () -> messages(
                        "{\"role\":\"user\",\"content\":\"a\"}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"b\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"nowhere\"}}]}"),
                "messages[1].content[1].image_url.url");
        refused(
                () -> messages(
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x,y\"}}]}"),
                "messages[0].content[0].image_url.url");
        refused(
                () -> messages("{\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}"),
                "messages[0].content[0].type",
                "'image_url'");
        refused(
                () -> messages("{\"role\":\"user\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"x\"}]}"),
                "messages[0].content[0].type");
    }

    @Test
    void numbersOutOfRangeOrShapeAreRefused() {
        refused(() -> with("\"n\":0"), "n", "from 1 to 128");
        refused(() -> with("\"n\":129"), "n");
        refused(() -> with("\"max_tokens\":1.5"), "max_tokens", "an integer", "a decimal");
        refused(() -> with("\"max_tokens\":1e999999999"), "max_tokens");
        refused(() -> with("\"max_tokens\":99999999999"), "max_tokens");
        refused(() -> with("\"max_tokens\":\"9\""), "max_tokens", "a string");
        refused(() -> with("\"temperature\":2.1"), "temperature");
        refused(() -> with("\"temperature\":\"hot\""), "temperature");
        refused(() -> with("\"stream\":\"yes\""), "stream", "boolean");
        refused(() -> with("\"stop\":[1]"), "stop[0]");
        refused(() -> with("\"metadata\":[]"), "metadata");
    }

    @Test
    void toolsAndFormatsAreRefusedByName() {
        refused(() -> with("\"tools\":[{\"type\":\"function\"}]"), "tools[0].function");
        refused(() -> with("\"tools\":[{\"function\":{\"name\":\" \"}}]"), "tools[0].function.name");
        refused(
                () -> with("\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":[]}}]"),
                "tools[0].function.parameters");
        refused(() -> with("\"tool_choice\":\"any\""), "tool_choice", "'any'");
        refused(() -> with("\"tool_choice\":\"required\""), "tool_choice");
        refused(
                () -> with("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"x\"}}"),
                "tool_choice",
                "\"x\"".replace('"', '\''));
        refused(() -> with("\"functions\":[{}]"), "functions[0].name");
        refused(() -> with("\"response_format\":{\"type\":\"xml\"}"), "response_format.type", "'json_schema'");
        refused(
                () -> with("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\"}}"),
                "response_format.json_schema.schema");
    }
}
