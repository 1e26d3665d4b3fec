package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.RawHttp.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, paths and bytes that no door takes. */
class BadHttpTest {
    private static final byte[] ASK = Answers.ask("demo", false).getBytes(StandardCharsets.UTF_8);
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
    @CsvSource({
        "GET,/v1/chat/completions,POST",
        "PUT,/chat/completions,POST",
        "DELETE,/chat/completions/stream,POST",
        "OPTIONS,/v1/chat/completions,POST",
        "PATCH,/v1/models,GET",
        "POST,/v1/models/demo,GET",
        "POST,/health,GET",
        "POST,/v1/providers,GET",
        "TRACE,/v1/models,GET",
        "FOO,/v1/models,GET"
    })
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
        Reply answer = RawHttp.request(gateway, method, path, new byte[0]);
        assertThat(ErrorCheck.error(answer, 405).path("code").asText()).isEqualTo("method_not_supported");
        assertThat(answer.header("allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"/v1/models,200", "/health,200", "/nope,404", "/v1/chat/completions,405"})
    void headAnswersLikeGetWithoutABody(String path, int status) {
        Reply answer = RawHttp.request(gateway, "HEAD", path, new byte[0]);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(Integer.parseInt(answer.header("content-length"))).isPositive();
        assertThat(answer.header("x-request-id")).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nope",
                "/v1",
                "/v2/models",
                "//v1/chat/completions",
                "/v1//models",
                "/v1/../v1/models",
                "/v1/%2e%2e/v1/models",
                "/V1/MODELS",
                "/v1%2fmodels",
                "/v1/models;x=1",
                "/actuator/env",
                "/%",
                "/%zz",
                "/favicon.ico",
                "/v1/models/%zz",
                "/v1/models/%",
                "/v1/models/a%00b",
                "/v1/models/..%2f..%2fetc",
                "*",
                "/v1/models/%ff",
                "/<script>"
            })
    void anUnknownPathIsNotFoundWhateverItsTricks(String target) {
        ErrorCheck.error(RawHttp.request(gateway, "GET", target, new byte[0]), 404);
        Reply posted = RawHttp.request(gateway, "POST", target, ASK);
        assertThat(posted.status()).isBetween(404, 405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO\r\n\r\n",
                "GET\r\n\r\n",
                "GET /v1/mo dels HTTP/1.1\r\nhost: g\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: abc\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: -5\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 99999999999999999999\r\n\r\n",
                "GET /health HTTP/1.1\r\nhost: g\r\nno colon\r\n\r\n"
            })
    void whatIsNoHttpIsABadRequest(String bytes) {
        ErrorCheck.error(RawHttp.send(gateway, bytes.getBytes(StandardCharsets.US_ASCII)), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models?x=%zz",
                "/v1/models?upstream=%zz",
                "/health?",
                "/health?&&=",
                "/v1/models?set-cookie=a"
            })
    void anOddQueryDoesNoHarm(String target) {
        Reply answer = RawHttp.request(gateway, "GET", target, new byte[0]);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("set-cookie")).isNull();
    }

    @Test
    void tooLongHeadersAreToldSo() {
        Reply header = RawHttp.request(gateway, "GET", "/health", new byte[0], "x-long", "x".repeat(40_000));
        Reply line = RawHttp.request(gateway, "GET", "/" + "x".repeat(20_000), new byte[0]);
        assertThat(ErrorCheck.error(header, 431).path("code").asText()).isEqualTo("headers_too_large");
        assertThat(ErrorCheck.error(line, 414).path("code").asText()).isEqualTo("uri_too_long");
    }

    @Test
    void brokenChunksEndTheConnectionAndNothingElse() {
        String bytes = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx\r\n";
        Reply answer = RawHttp.send(gateway, bytes.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.status()).isIn(0, 400);
        assertThat(gateway.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void aHarmlessRequestIdComesBack() {
        assertThat(idFor("call_7.A-b:9")).isEqualTo("call_7.A-b:9");
        assertThat(idFor("x".repeat(128))).isEqualTo("x".repeat(128));
        Reply fault = RawHttp.request(gateway, "GET", "/nope", new byte[0], "x-request-id", "mine");
        assertThat(fault.header("x-request-id")).isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "<script>", "a\"b", "caf\u00e9", "a;b", "a,b", ""})
    void aHarmfulRequestIdIsReplaced(String id) {
        assertThat(idFor(id)).matches("req_[a-z0-9]{20}");
    }

    @Test
    void anOverlongRequestIdIsReplaced() {
        assertThat(idFor("x".repeat(129))).matches("req_[a-z0-9]{20}");
    }

    private static String idFor(String given) {
        return RawHttp.chat(gateway, ASK, "x-request-id", given).header("x-request-id");
    }
}
