package dev.mehari.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolChoice;
import dev.mehari.dialect.RequestBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesRequestReaderTest {
    private static ChatRequest read(String fields) {
        return read(fields, List.of(), Map.of());
    }

    private static ChatRequest read(String fields, List<JsonNode> history, Map<String, JsonNode> stored) {
        byte[] body = ("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
        // The first reading sees every body before the second does.
        ResponsesFacts.read(RequestBody.of(body), false);
        return ResponsesRequestReader.read(body, history, stored);
    }

    private static List<Message> messages(String items) {
        return read("'model':'m','input':[" + items + "]").messages();
    }

    @Test
    void aStringIsAUserMessageAfterTheInstructions() {
        assertThat(read("'model':'m','input':'hi','instructions':'be brief'").messages())
                .extracting(Message::text)
                .containsExactly("be brief", "hi");
    }

    @Test
    void whatTheModelDidInOneTurnIsOneMessage() {
        String sealed = ReasoningEnvelope.of(new AssistantPart.Reasoning(null, "hm", "sig"));
        List<Message> messages = messages("{'role':'user','content':'weather?'},"
                + "{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'" + sealed + "'},"
                + "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'I look','annotations':[]}]},"
                + "{'type':'function_call','call_id':'c1','name':'f','arguments':'{\\'x\\':1.0}'},"
                + "{'type':'function_call','call_id':'c2','name':'g','arguments':''},"
                + "{'type':'function_call_output','call_id':'c2','output':'two'},"
                + "{'type':'function_call_output','call_id':'c1','output':[{'type':'input_text','text':'one'},"
                + "{'type':'input_image','image_url':'data:image/png;base64,iVBO'}]}");
        assertThat(messages).hasSize(4);
        assertThat(messages.get(1).content())
                .isEqualTo(List.of(
                        new AssistantPart.Reasoning(null, "hm", "sig"),
                        ContentPart.Text.of("I look"),
                        ToolCall.function("c1", "f", "{'x':1.0}".replace('\'', '"')),
                        ToolCall.function("c2", "g", "{}")));
        assertThat(((Message.ToolResult) messages.get(2)).callId()).isEqualTo("c2");
        assertThat(messages.get(3).content())
                .isEqualTo(List.of(
                        ContentPart.Text.of("one"),
                        new ContentPart.Image(new MediaSource.Inline("image/png", "iVBO"), null, null)));
    }

    @Test
    void aSignatureOfACallIsPutBackOnIt() {
        List<Message> messages = messages("{'role':'user','content':'x'},"
                + "{'type':'reasoning','summary':[],'encrypted_content':'" + ReasoningEnvelope.ofCall("c1", "c2ln")
                + "'},"
                + "{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},"
                + "{'type':'function_call_output','call_id':'c1','output':''}");
        assertThat(messages.get(1).content()).isEqualTo(List.of(new ToolCall("c1", false, "f", "{}", "c2ln")));
    }

    @Test
    void openAisOwnSealStaysOpenAis() {
        List<Message> messages = messages("{'role':'user','content':'x'},{'type':'reasoning','id':'rs_1',"
                + "'summary':[{'type':'summary_text','text':'a'},{'type':'summary_text','text':'b'}],"
                + "'encrypted_content':'gAAAA'}");
        assertThat(messages.get(1).content())
                .isEqualTo(List.of(new AssistantPart.Reasoning("rs_1", "a\n\nb", "openai:gAAAA")));
    }

    @Test
    void referencesAreLookedUp() throws Exception {
        JsonNode stored = Json.MAPPER.readTree("{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"said\"}]}");
        ChatRequest request = read(
                "'model':'m','input':[{'role':'user','content':'a'},{'type':'item_reference','id':'msg_1'},"
                        + "{'role':'user','content':'b'}]",
                List.of(),
                Map.of("msg_1", stored));
        assertThat(request.messages()).extracting(Message::text).containsExactly("a", "said", "b");
    }

    @Test
    void aReferenceToAReferenceIsRefused() throws Exception {
        JsonNode itself = Json.MAPPER.readTree("{\"type\":\"item_reference\",\"id\":\"msg_1\"}");
        assertThatThrownBy(() -> read(
                        "'model':'m','input':[{'type':'item_reference','id':'msg_1'}]",
                        List.of(),
                        Map.of("msg_1", itself)))
                .isInstanceOfSatisfying(InvalidRequest.class, refused -> assertThat(refused.param())
                        .isEqualTo("input[0].id"));
    }

    @Test
    void theConversationSoFarComesFirstAndItsInstructionsAreNotRepeated() throws Exception {
        JsonNode earlier = Json.MAPPER.readTree("{\"role\":\"user\",\"content\":\"before\"}");
        ChatRequest request = read("'model':'m','input':'now','instructions':'new'", List.of(earlier), Map.of());
        assertThat(request.messages()).extracting(Message::text).containsExactly("new", "before", "now");
    }

    @Test
    void everySettingHasItsPlace() {
        ChatRequest request = read("'model':'m','input':'x','max_output_tokens':9,'temperature':0.5,'top_p':0.9,"
                + "'parallel_tool_calls':false,'reasoning':{'effort':'low','summary':'auto'},"
                + "'text':{'verbosity':'high','format':{'type':'json_schema','name':'s','schema':{'type':'object'},"
                + "'strict':true}},'tools':[{'type':'function','name':'f','parameters':{'type':'object'},"
                + "'strict':false},{'type':'custom','name':'p'},{'type':'web_search'}],"
                + "'tool_choice':{'type':'function','name':'f'},'metadata':{'a':'b'},'user':'u',"
                + "'safety_identifier':'s','prompt_cache_key':'k','service_tier':'flex','top_logprobs':3,"
                + "'include':['message.output_text.logprobs'],'truncation':'auto','max_tool_calls':4");
        assertThat(request.sampling().maxTokens()).isEqualTo(9);
        assertThat(request.sampling().temperature()).isEqualTo(0.5);
        assertThat(request.sampling().topP()).isEqualTo(0.9);
        assertThat(request.sampling().logprobs()).isTrue();
        assertThat(request.sampling().topLogprobs()).isEqualTo(3);
        assertThat(request.reasoning()).isEqualTo(new ChatRequest.Reasoning("low", null, null, "auto"));
        assertThat(request.output().verbosity()).isEqualTo("high");
        assertThat(request.output().format()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(request.tooling().parallel()).isFalse();
        assertThat(request.tooling().choice()).isEqualTo(new ToolChoice.Named("f", false));
        assertThat(request.tooling().tools()).extracting(Tool::name).containsExactly("f", "p", "web_search");
        assertThat(request.terms().metadata()).containsEntry("a", "b");
        assertThat(request.terms().user()).isEqualTo("u");
        assertThat(request.terms().safetyIdentifier()).isEqualTo("s");
        assertThat(request.terms().promptCacheKey()).isEqualTo("k");
        assertThat(request.terms().serviceTier()).isEqualTo("flex");
        assertThat(request.extras().fields()).containsOnlyKeys("truncation", "max_tool_calls");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'model':'m'                                                                     | input
            'model':'m','input':[]                                                          | input
            'model':'m','input':5                                                           | input
            'model':5,'input':'x'                                                           | model
            'input':'x','stream':'yes'                                                      | stream
            'input':[5]                                                                     | input[0]
            'input':[{'role':'robot','content':'x'}]                                        | input[0].role
            'input':[{'type':'frob'}]                                                       | input[0].type
            'input':[{'role':'user','content':[{'type':'frob'}]}]                           | input[0].content[0].type
            'input':[{'role':'user','content':[{'type':'input_image','image_url':'x'}]}]    | input[0].content[0].image_url
            'input':[{'type':'function_call_output','call_id':'c','output':'x'}]            | input[0].call_id
            'input':[{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}]    | input[0].call_id
            'input':[{'type':'item_reference','id':'nowhere'}]                              | input[0].id
            'input':'x','tools':[{'type':'function'}]                                       | tools[0].name
            'input':'x','tool_choice':{'type':'function','name':'f'}                        | tool_choice
            'input':'x','text':{'format':{'type':'frob'}}                                   | text.format.type
            'input':'x','conversation':'c','previous_response_id':'r'                       | previous_response_id
            'input':'x','max_output_tokens':0                                               | max_output_tokens
            """)
    void aBadFieldIsNamed(String fields, String param) {
        assertThatThrownBy(() -> read(fields))
                .isInstanceOfSatisfying(InvalidRequest.class, refused -> assertThat(refused.param())
                        .isEqualTo(param));
    }
}
