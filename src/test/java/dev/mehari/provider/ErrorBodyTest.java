package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
    private static ErrorBody read(String body) {
        return ErrorBody.read(418, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"error":{"message":"m","type":"t","param":"p","code":"c"}}     | m | t | p | c
                    {"error":"m"}                                                   | m |   |   |
                    {"code":"c","error":"m"}                                        | m |   |   | c
                    {"object":"error","message":"m","type":"t","param":null,"code":3} | m | t |  | 3
                    {"message":{"detail":[{"loc":["body","x"],"msg":"bad"}]}}       | body.x: bad |  |  |
                    {"detail":"m"}                                                  | m |   |   |
                    {"detail":[{"loc":["body",0],"msg":"a"},{"loc":[],"msg":"b"}]}  | body.0: a; : b |  |  |
                    {"message":"m","__type":"X"}                                    | m | X |   |
                    {"error":{"code":400,"message":"m","status":"INVALID"}}         | m |   |   | 400
                    [{"error":{"code":400,"message":"m"}}]                          | m |   |   | 400
                    {"type":"error","error":{"type":"t","message":"m"},"request_id":"r"} | m | t |  |
                    {"error":{"message":"m","type":"t"},"request_id":"r"}           | m | t |   |
                    """)
    void everyShapeIsRead(String body, String message, String type, String param, String code) {
        assertThat(read(body)).isEqualTo(new ErrorBody(message, type, code, param));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"error":{"message":"m","code":502,"metadata":{"provider_name":"P","raw":"{\\"error\\":{\\"message\\":\\"why\\"}}"}}} | m (P: why)
                    {"error":{"message":"m","metadata":{"raw":"in words"}}}         | m (in words)
                    {"error":{"message":"m","metadata":{"reasons":["violence"]}}}   | m (["violence"])
                    {"error":{"message":"m","failed_generation":"<f"}}              | m (the model wrote: <f)
                    {"error":{"message":"m","misalignment":{"detailed_explanation":"why"}}} | m (why)
                    {"message":"m","originalStatusCode":400,"originalMessage":"why"} | m (why)
                    {"error":{"message":"m","details":[{"fieldViolations":[{"field":"contents","description":"why"}]}]}} | m (contents: why)
                    {"error":{"message":"m","details":[{"violations":[{"quotaId":"PerDay","quotaValue":"50"}]}]}} | m (PerDay: the limit is 50)
                    {"error":{"message":"m, why","originalMessage":"why"}}          | m, why
                    """)
    void reasonsBesideTheMessageAreTold(String body, String message) {
        assertThat(read(body).message()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "<html><h1>Bad Gateway</h1></html>",
                "{}",
                "[]",
                "null",
                "{\"error\":{}}",
                "{\"error\":null}"
            })
    void aBodyWithoutWordsIsTheStatus(String body) {
        assertThat(read(body).message()).isEqualTo("HTTP status 418");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"errors\":[{\"message\":\"m\"}]}",
                "{\"error_code\":336003,\"error_msg\":\"m\"}",
                "{\"title\":\"m\",\"status\":418}"
            })
    void aShapeThatNobodyKnowsIsShownAsItStands(String body) {
        assertThat(read(body).message()).isEqualTo("HTTP status 418: " + body);
    }

    @Test
    void aBodyThatIsOnlyAStringIsItsWords() {
        assertThat(read("\"slow down\"").message()).isEqualTo("HTTP status 418: slow down");
    }

    @Test
    void plainTextIsCutShort() {
        assertThat(read("slow down").message()).isEqualTo("HTTP status 418: slow down");
        assertThat(read("x".repeat(5000)).message()).hasSize(200 + "HTTP status 418: …".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-abcDEF1234567890abcd",
                "sk-ant-api03-AbCdEfGh1234567890",
                "gsk_abcdefghij1234567890",
                "xai-abcdefghij1234567890",
                "AIzaSyA1234567890abcdefghijk",
                "sk-pr***************************abcd",
            })
    void keysAreMasked(String key) {
        assertThat(read("{\"error\":\"Incorrect API key provided: " + key + ".\"}")
                        .message())
                .isEqualTo("Incorrect API key provided: [key].");
    }

    @Test
    void keysInAddressesAreMasked() {
        assertThat(read("{\"error\":\"GET https://x.org/a?b=c&key=abc&d=e failed, ?api_key=zz\"}")
                        .message())
                .isEqualTo("GET https://x.org/a?b=c&key=[key]&d=e failed, ?api_key=[key]");
    }

    @Test
    void aKeyAcrossTheCutIsMaskedToo() {
        String body = "{\"error\":\"" + "x ".repeat(993) + "sk-proj-abcDEF1234567890abcd\"}";
        assertThat(read(body).message()).doesNotContain("sk-proj");
    }

    @ParameterizedTest
    @ValueSource(strings = {"skip_special_tokens_in_the_output", "key_management_is_not_enabled_here", "max_key_12"})
    void namesOfFieldsAreNoKeys(String name) {
        assertThat(read("{\"error\":\"" + name + " is unknown\"}").message()).isEqualTo(name + " is unknown");
    }

    @Test
    void controlCharactersGo() {
        assertThat(read("{\"error\":\"a\\u0000b\\u001bc\\nd\"}").message()).isEqualTo("abc\nd");
    }
}
