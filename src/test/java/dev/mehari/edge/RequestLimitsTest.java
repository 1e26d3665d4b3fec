package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.RawHttp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of a head and of a body is taken, and who is asked for a body at all. */
class RequestLimitsTest {
    private static final String KEY = "a-client-key";
    private static final String ASK = Answers.ask("demo", false);
    private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\n"
            + "content-type: application/json\r\nauthorization: Bearer " + KEY + "\r\n";

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                "mehari.access.api-keys=" + KEY,
                "mehari.demo.word-delay=0ms",
                "mehari.limits.body-size=1MB",
                "mehari.limits.json-depth=20",
                "mehari.http.headers=20",
                "mehari.http.header-size=4KB",
                "mehari.http.line-size=1KB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void moreHeadersThanAllowedAreToldSo() {
        // Host and content-length are two more.
        assertThat(health(headers(18)).status()).isEqualTo(200);
        Reply answer = health(headers(19));
        assertThat(ErrorCheck.error(answer, 431).path("code").asText()).isEqualTo("headers_too_large");
    }

    @Test
    void largerHeadersThanAllowedAreToldSo() {
        assertThat(health("x", "y".repeat(3900)).status()).isEqualTo(200);
        ErrorCheck.error(health("x", "y".repeat(4100)), 431);
    }

    @Test
    void aLongerAddressThanAllowedIsToldSo() {
        assertThat(RawHttp.request(gateway, "GET", "/health?" + "x".repeat(900), new byte[0])
                        .status())
                .isEqualTo(200);
        Reply answer = RawHttp.request(gateway, "GET", "/health?" + "x".repeat(1100), new byte[0]);
        assertThat(ErrorCheck.error(answer, 414).path("code").asText()).isEqualTo("uri_too_long");
    }

    @ParameterizedTest
    @CsvSource({"authorization,Bearer a-client-key", "Authorization,Bearer other", "x-api-key,a-client-key"})
    void twoHeadersThatSayWhoCallsAreOneTooMany(String name, String value) {
        Reply answer = RawHttp.chat(
                gateway, ASK.getBytes(StandardCharsets.UTF_8), name, "Bearer " + KEY, name.toUpperCase(), value);
        assertThat(ErrorCheck.error(answer, 400).path("code").asText()).isEqualTo("duplicate_header");
    }

    @ParameterizedTest
    @CsvSource({"api_key", "api-key", "key", "x-api-key", "authorization", "access_token", "token"})
    void aKeyInTheAddressIsNoKey(String name) {
        Reply answer = RawHttp.request(
                gateway,
                "POST",
                "/v1/chat/completions?" + name + "=" + KEY,
                ASK.getBytes(StandardCharsets.UTF_8),
                "content-type",
                "application/json");
        assertThat(ErrorCheck.error(answer, 401).path("code").asText()).isEqualTo("invalid_api_key");
        assertThat(answer.body()).doesNotContain(KEY);
    }

    @Test
    void whoWaitsToBeAskedForABodyIsAsked() {
        try (RawClient client = new RawClient(gateway)) {
            client.send(POST + "expect: 100-continue\r\ncontent-length: " + ASK.length() + "\r\n\r\n");
            assertThat(client.head()).startsWith("http/1.1 100 ");
            client.send(ASK);
            assertThat(client.head()).startsWith("http/1.1 200 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,100-continue,999999999,413",
        "/nowhere,100-continue,5,404",
        "/v1/chat/completions,200-ok,5,417"
    })
    void aBodyThatWillBeRefusedIsNotAskedFor(String path, String expected, long length, int status) {
        String answers = RawHttp.untilClosed(
                gateway,
                "POST " + path + " HTTP/1.1\r\nhost: g\r\nexpect: " + expected + "\r\ncontent-length: " + length
                        + "\r\n\r\n");
        assertThat(answers).startsWith("HTTP/1.1 " + status + " ").contains("\r\nconnection: close\r\n", "{\"error\":");
    }

    @Test
    void aBodyOfCountlessTinyPiecesIsRefused() {
        String answers =
                RawHttp.untilClosed(gateway, POST + "transfer-encoding: chunked\r\n\r\n" + "1\r\n \r\n".repeat(20_000));
        assertThat(answers).startsWith("HTTP/1.1 400 ").contains("too many small pieces");
    }

    @Test
    void deeperJsonThanAllowedIsToldSo() {
        assertThat(chat(nested(19)).status()).isEqualTo(200);
        assertThat(ErrorCheck.error(chat(nested(20)), 400).path("message").asText())
                .contains("nesting of 20");
    }

    /** The body is one level itself. */
    private static String nested(int depth) {
        return ASK.replaceFirst("\\{", "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + ",");
    }

    private static Reply chat(String json) {
        return RawHttp.chat(
                gateway,
                json.getBytes(StandardCharsets.UTF_8),
                "content-type",
                "application/json",
                "authorization",
                "Bearer " + KEY);
    }

    private static Reply health(String... headers) {
        return RawHttp.request(gateway, "GET", "/health", new byte[0], headers);
    }

    private static String[] headers(int count) {
        return Collections.nCopies(count, "x-more").stream()
                .flatMap(name -> Stream.of(name, "y"))
                .toArray(String[]::new);
    }
}
