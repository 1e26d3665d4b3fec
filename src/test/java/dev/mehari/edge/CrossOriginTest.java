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

/** Pages of other origins: none by default, those of the settings else. And what every answer tells browsers. */
class CrossOriginTest {
    private static final String PAGE = "https://app.example";
    private static final byte[] ASK = Answers.ask("demo", false).getBytes(StandardCharsets.UTF_8);
    private static final byte[] STREAM = Answers.ask("demo", true).getBytes(StandardCharsets.UTF_8);

    private static Gateway closed;
    private static Gateway open;

    @BeforeAll
    static void start() {
        closed = Gateway.start("mehari.demo.word-delay=0ms");
        open = Gateway.start(
                "mehari.demo.word-delay=0ms",
                "mehari.access.api-keys=a-client-key",
                "mehari.cors.origins=" + PAGE + ",http://localhost:3000",
                "mehari.cors.max-age=60s");
    }

    @AfterAll
    static void stop() {
        open.close();
        closed.close();
    }

    @Test
    void withoutOriginsInTheSettingsNoPageMayRead() {
        Reply answer = RawHttp.chat(closed, ASK, "origin", PAGE);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKeys("access-control-allow-origin", "vary");
        ErrorCheck.error(preflight(closed, "/v1/chat/completions", PAGE), 405);
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGE, "http://localhost:3000"})
    void aPageThatIsNamedMayAsk(String page) {
        Reply asked = preflight(open, "/v1/chat/completions", page);
        assertThat(asked.status()).isEqualTo(204);
        assertThat(asked.header("access-control-allow-origin")).isEqualTo(page);
        assertThat(asked.header("access-control-allow-methods")).isEqualTo("POST");
        assertThat(asked.header("access-control-allow-headers")).isEqualTo("authorization, x-stainless-lang");
        assertThat(asked.header("access-control-max-age")).isEqualTo("60");
        assertThat(asked.headers()).doesNotContainKey("access-control-allow-credentials");
    }

    @Test
    void aPageThatIsNamedMayReadAnswersStreamsAndErrors() {
        for (byte[] body : new byte[][] {ASK, STREAM}) {
            Reply answer = RawHttp.chat(open, body, "origin", PAGE, "authorization", "Bearer a-client-key");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo(PAGE);
            assertThat(answer.header("access-control-expose-headers")).contains("x-request-id", "retry-after");
            assertThat(answer.header("vary")).isEqualTo("origin");
        }
        Reply refused = RawHttp.chat(open, ASK, "origin", PAGE);
        ErrorCheck.error(refused, 401);
        assertThat(refused.header("access-control-allow-origin")).isEqualTo(PAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.evil.example",
                "http://app.example",
                "https://app.example:444",
                "null",
                "https://APP.example"
            })
    void anyOtherPageMayNot(String page) {
        Reply answer = RawHttp.chat(open, ASK, "origin", page);
        assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(answer.header("vary")).isEqualTo("origin");
        ErrorCheck.error(preflight(open, "/v1/chat/completions", page), 405);
    }

    @ParameterizedTest
    @CsvSource({"/admin,404", "/admin/keys,404", "/dashboard,404", "/dashboard/events,404", "/nowhere,404"})
    void noPageMayAskForWhatOnlyAdministratorsSeeOrWhatIsNotThere(String path, int status) {
        Reply answer = preflight(open, path, PAGE);
        assertThat(answer.status()).isBetween(status, 405);
        assertThat(answer.headers()).doesNotContainKey("access-control-allow-methods");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/v1/models", "/stats", "/nowhere"})
    void noAnswerIsTakenForAnotherKind(String path) {
        assertThat(RawHttp.request(closed, "GET", path, new byte[0]).header("x-content-type-options"))
                .isEqualTo("nosniff");
        assertThat(RawHttp.chat(closed, STREAM).header("x-content-type-options"))
                .isEqualTo("nosniff");
    }

    private static Reply preflight(Gateway gateway, String path, String page) {
        return RawHttp.request(
                gateway,
                "OPTIONS",
                path,
                new byte[0],
                "origin",
                page,
                "access-control-request-method",
                "POST",
                "access-control-request-headers",
                "authorization, x-stainless-lang");
    }
}
