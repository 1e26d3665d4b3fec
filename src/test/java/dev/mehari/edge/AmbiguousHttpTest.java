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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that a proxy and the gateway could cut in different places: one answer, the rest is not read, and the connection
 * is closed.
 */
class AmbiguousHttpTest {
    private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\n";

    /** What an attacker would have the gateway take for the next client's request. */
    private static final String SMUGGLED = "GET /health HTTP/1.1\r\nhost: g\r\n\r\n";

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start("mehari.demo.word-delay=0ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
                "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n",
                "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "transfer-encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "transfer-encoding: identity\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding: xchunked\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding: \"chunked\"\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding:\u000bchunked\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding: chunked\u0000\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding : chunked\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding:\r\n chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n",
                "transfer-encoding: chun\r\n ked\r\n\r\n0\r\n\r\n",
                "transfer_encoding: chunked\r\ncontent-length : 0\r\n\r\n",
                "content-length: 0\r\ncontent-length: 5\r\n\r\n",
                "content-length: 0\r\ncontent-length: 0\r\n\r\n",
                "content-length: 0, 5\r\n\r\n",
                "content-length: +0\r\n\r\n",
                "content-length: 0x0\r\n\r\n",
                "content-length: 0 0\r\n\r\n",
                "content-length: \r\n\r\n",
                "content-length: 0\r\nhost: other\r\n\r\n",
                "content-length: 0\nx: y\r\n\r\n",
                "content-length: 0\r\nx: a\u0000b\r\n\r\n",
                "content-length: 0\r\nx y: z\r\n\r\n",
                "content-length: 0\r\nx\u0000: z\r\n\r\n",
                "content-length: 0\r\n: z\r\n\r\n"
            })
    void aBodyOfTwoLengthsIsRefusedAndNothingBehindItIsRead(String rest) {
        refusedOnce(RawHttp.untilClosed(gateway, POST + rest + SMUGGLED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\nhost: g\n\n",
                "GET /health HTTP/1.1\r\n host: g\r\n\r\n",
                "GET /health HTTP/1.2\r\nhost: g\r\n\r\n",
                "GET /health HTTP/2.0\r\nhost: g\r\n\r\n",
                "GET /health HTTP/0.9\r\n\r\n",
                "GET /health http/1.1\r\nhost: g\r\n\r\n",
                "GET /health HTTP/1.1 \r\nhost: g\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void aHeadThatIsNotQuiteOneIsRefused(String head) {
        refusedOnce(RawHttp.untilClosed(gateway, head + SMUGGLED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nx\r\n0\r\n\r\n",
                "-1\r\nx\r\n0\r\n\r\n",
                "\r\nx\r\n0\r\n\r\n",
                "FFFFFFFFFF\r\nx\r\n0\r\n\r\n",
                "1\r\nxyz0\r\n\r\n",
                "1\nx\r\n0\r\n\r\n",
                "1;a=\nb\r\nx\r\n0\r\n\r\n"
            })
    void aBrokenChunkIsRefused(String chunks) {
        refusedOnce(RawHttp.untilClosed(gateway, POST + "transfer-encoding: chunked\r\n\r\n" + chunks + SMUGGLED));
    }

    @Test
    void anEndlessChunkExtensionIsRefused() {
        String line = "1;" + "x".repeat(40_000);
        refusedOnce(RawHttp.untilClosed(gateway, POST + "transfer-encoding: chunked\r\n\r\n" + line));
    }

    /** RFC 9112 §7.1.1 and §7.1.2: to be passed over, and nothing of a trailer becomes a header. */
    @Test
    void chunkExtensionsAndTrailersArePassedOver() {
        String ask = Answers.ask("demo", false);
        String body = Integer.toHexString(ask.length()) + ";name=value;other=\"quoted\"\r\n" + ask
                + "\r\n0;last\r\nx-provider: nobody\r\ncontent-length: 5\r\nauthorization: Bearer x\r\n\r\n";
        String answers = RawHttp.untilClosed(
                gateway,
                POST + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n" + body
                        + SMUGGLED.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
        assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(3);
        assertThat(answers).contains("chat.completion").endsWith("{\"status\":\"up\"}");
    }

    @Test
    void aFoldedHeaderIsOneLine() {
        String head = "GET /health HTTP/1.1\r\nhost: g\r\nx-folded: a\r\n b\r\n\tc\r\n\r\n";
        assertThat(RawHttp.send(gateway, head.getBytes(StandardCharsets.US_ASCII))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://gateway/health", "https://other:99/health?x=1", "http://user:pass@h/health"})
    void anAbsoluteAddressIsTakenByItsPath(String target) {
        assertThat(RawHttp.request(gateway, "GET", target, new byte[0]).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT other:443", "OPTIONS *", "GET other", "GET /../health", "GET /./health"})
    void otherFormsOfAddressesAreUnknown(String start) {
        String[] parts = start.split(" ");
        Reply answer = RawHttp.request(gateway, parts[0], parts[1], new byte[0]);
        ErrorCheck.error(answer, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
                "upgrade: h2c\r\nconnection: upgrade\r\n",
                "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: !!!\r\n",
                "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAMA\r\n",
                "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAIAAAAJ\r\n",
                "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n"
            })
    void anUpgradeIsPassedOver(String headers) {
        String head = "GET /health HTTP/1.1\r\nhost: g\r\n" + headers + "\r\n";
        Reply answer = RawHttp.send(gateway, head.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"up\"}");
    }

    private static void refusedOnce(String answers) {
        assertThat(answers.split("\r\nx-request-id: ", -1)).as(answers).hasSize(2);
        assertThat(answers).matches("(?s)HTTP/1\\.[01] (400|414|431|501|505) .*\r\nconnection: close\r\n.*");
        assertThat(answers).contains("{\"error\":{\"message\":\"").doesNotContain("\"up\"", "<html", "Exception");
    }
}
