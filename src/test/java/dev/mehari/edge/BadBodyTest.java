package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.RawHttp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are no chat request: the answer is 400 and names the field, and harmless oddities pass. */
class BadBodyTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String START = "{\"model\":\"demo\"," + MESSAGES;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{\"model\":\"demo\",\"messages\":[{\"role\"",
                "{",
                "[1]",
                "1",
                "\"text\"",
                "null",
                "",
                "  ",
                START + "}}",
                START + "} x",
                START + "} {}",
                START + ",}",
                START + ",\"temperature\":NaN}",
                START + "/* no */}",
                "\uFEFF"
            })
    void whatIsNoJsonObjectIsRefusedWithoutAFieldName(String body) {
        JsonNode error = ErrorCheck.error(chat(body), 400);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").isNull()).isTrue();
        assertThat(error.path("message").asText())
                .contains("request body")
                .doesNotContain("REDACTED", "JsonReadFeature", "ALLOW_");
    }

    @Test
    void textInAnotherEncodingIsRefused() {
        ErrorCheck.error(RawHttp.chat(gateway, (START + "}").getBytes(StandardCharsets.UTF_16)), 400);
        ErrorCheck.error(RawHttp.chat(gateway, (START + "}").getBytes(StandardCharsets.UTF_16LE)), 400);
        String latin = START + ",\"user\":\"caf\u00e9\"}";
        ErrorCheck.error(RawHttp.chat(gateway, latin.getBytes(StandardCharsets.ISO_8859_1)), 400);
        byte[] cutInACharacter = (START + ",\"user\":\"\u20ac\"}").getBytes(StandardCharsets.UTF_8);
        cutInACharacter[cutInACharacter.length - 3] = '"';
        ErrorCheck.error(RawHttp.chat(gateway, cutInACharacter), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model:5",
                "model:{}",
                "messages:{}",
                "messages:\"hi\"",
                "stream:\"true\"",
                "stream:1",
                "stream_options:true",
                "max_tokens:\"5\"",
                "max_tokens:2.5",
                "max_tokens:1e999999999",
                "max_completion_tokens:[]",
                "temperature:\"hot\"",
                "top_p:true",
                "n:\"2\"",
                "stop:5",
                "presence_penalty:\"x\"",
                "frequency_penalty:{}",
                "logit_bias:[]",
                "logprobs:1",
                "top_logprobs:\"1\"",
                "seed:\"s\"",
                "response_format:\"json\"",
                "tools:{}",
                "tool_choice:5",
                "parallel_tool_calls:\"no\"",
                "functions:{}",
                "function_call:true",
                "reasoning_effort:1",
                "verbosity:2",
                "modalities:\"text\"",
                "audio:\"wav\"",
                "web_search_options:1",
                "store:\"yes\"",
                "service_tier:3",
                "user:4",
                "safety_identifier:{}",
                "prompt_cache_key:[]"
            })
    void aWrongTypeIsRefusedByTheFieldsName(String field) {
        String name = field.substring(0, field.indexOf(':'));
        String value = field.substring(field.indexOf(':') + 1);
        JsonNode error = ErrorCheck.error(chat(START + ",\"" + name + "\":" + value + "}"), 400);
        assertThat(error.path("param").asText()).isEqualTo(name);
        assertThat(error.path("code").asText()).isEqualTo("invalid_type");
        assertThat(error.path("message").asText()).startsWith(name + " must be ");
    }

    static Stream<Arguments> badMessages() {
        return Stream.of(
                Arguments.of("{\"model\":\"demo\"}", "messages", "missing_required_parameter"),
                Arguments.of("{\"model\":\"demo\",\"messages\":null}", "messages", "missing_required_parameter"),
                Arguments.of("{\"model\":\"demo\",\"messages\":[]}", "messages", "invalid_value"),
                Arguments.of("{" + MESSAGES + "}", "model", "missing_required_parameter"),
                Arguments.of("{\"model\":\" \"," + MESSAGES + "}", "model", "missing_required_parameter"),
                Arguments.of(messages("{\"content\":\"x\"}"), "messages[0].role", "missing_required_parameter"),
                Arguments.of(messages("{\"role\":null}"), "messages[0].role", "invalid_type"),
                Arguments.of(
                        messages("{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"boss\",\"content\":\"x\"}"),
                        "messages[1].role",
                        "invalid_value"),
                Arguments.of(messages("\"hi\""), "messages[0]", "invalid_type"),
                Arguments.of(messages("[]"), "messages[0]", "invalid_type"),
                Arguments.of(messages("{\"role\":\"user\",\"content\":5}"), "messages[0].content", "invalid_type"),
                Arguments.of(messages("{\"role\":\"user\",\"content\":{}}"), "messages[0].content", "invalid_type"),
                Arguments.of(
                        messages("{\"role\":\"user\",\"content\":[\"x\"]}"), "messages[0].content[0]", "invalid_type"),
                Arguments.of(
                        START + ",\"stream_options\":{\"include_usage\":1}}",
                        "stream_options.include_usage",
                        "invalid_type"));
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void aBadMessageIsRefusedByItsPath(String body, String param, String code) {
        JsonNode error = ErrorCheck.error(chat(body), 400);
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("code").asText()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"[,1001,]", "9,2000,''"})
    void whatGoesBeyondTheJsonLimitsIsToldSo(String unit, int times, String close) {
        String value = unit.repeat(times) + close.repeat(times);
        JsonNode error = ErrorCheck.error(chat(START + ",\"extra\":" + value + "}"), 400);
        assertThat(error.path("message").asText()).contains("nesting of 1000", "1000 digits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_tokens\":250.0",
                "\"n\":1.0",
                "\"temperature\":null",
                "\"stream\":null",
                "\"unknown\":{\"a\":1}",
                "\"other\":12345678901234567890123",
                "\"metadata\":null",
                "\"x\":\"\\ud800\"",
                "\"provider\":{}"
            })
    void harmlessOdditiesPass(String field) {
        assertThat(chat(START + "," + field + "}").status()).isEqualTo(200);
    }

    @Test
    void aByteOrderMarkAndDeepHarmlessFieldsPass() {
        assertThat(chat("\uFEFF" + START + "}").status()).isEqualTo(200);
        assertThat(chat(START + ",\"extra\":" + "[".repeat(500) + "]".repeat(500) + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void ofAFieldThatComesTwiceTheLastCounts() {
        Reply answer = chat("{\"model\":\"nobody\",\"model\":\"demo\"," + MESSAGES + "}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(ErrorCheck.tree(answer.body()).path("model").asText()).isEqualTo("demo");
    }

    private static String messages(String list) {
        return "{\"model\":\"demo\",\"messages\":[" + list + "]}";
    }

    private static Reply chat(String body) {
        return RawHttp.chat(gateway, body.getBytes(StandardCharsets.UTF_8), "content-type", "application/json");
    }
}
