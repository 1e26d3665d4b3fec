package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images by address before a provider that does not read addresses. */
@Timeout(30)
class FetchMediaTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 7};

    private static ScriptedUpstream web;
    private static ScriptedUpstream first;
    private static ScriptedUpstream second;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        web = new ScriptedUpstream();
        first = new ScriptedUpstream();
        second = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.media.allow[0]=localhost:" + web.port(),
                "mehari.providers.gemini.base-url=http://127.0.0.1:" + first.port(),
                "mehari.providers.vertex.base-url=http://127.0.0.1:" + second.port(),
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=gemini",
                "mehari.models[0].deployments[0].model=gemini-2.5-flash",
                "mehari.models[0].deployments[1].provider=vertex",
                "mehari.models[0].deployments[1].model=gemini-2.5-flash",
                "mehari.models[0].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        web.close();
        first.close();
        second.close();
    }

    @BeforeEach
    void answer() {
        web.answer(new Script().head(200, "text/plain", PNG.length).send(PNG)).reset();
        String ok = GeminiAnswers.response("STOP", GeminiAnswers.text("ok"));
        first.answer(Script.json(200, ok)).reset();
        second.answer(Script.json(200, ok)).reset();
    }

    private static String image(String url) {
        return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}";
    }

    private static HttpResponse<String> ask(String model, String... parts) {
        return gateway.chat("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":["
                + String.join(",", parts) + "]}]}");
    }

    private static String local(String path) {
        return "http://localhost:" + web.port() + path;
    }

    @Test
    void anImageIsFetchedAndSentAlong() {
        assertThat(ask("gemini/gemini-2.5-flash", image(local("/a")), image(local("/b")))
                        .statusCode())
                .isEqualTo(200);
        String data = Base64.getEncoder().encodeToString(PNG);
        String part = "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"" + data + "\"}}";
        assertThat(first.last().body()).contains("[" + part + "," + part + "]");
        assertThat(web.requests()).hasSize(2);
    }

    @Test
    void theNextDeploymentGetsWhatWasFetchedBefore() {
        first.answer(Script.json(503, GeminiAnswers.error(503, "UNAVAILABLE", "overloaded")));
        HttpResponse<String> answer = ask("pair", image(local("/a")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-provider")).contains("vertex");
        assertThat(second.last().body()).contains("inlineData");
        assertThat(web.requests()).hasSize(1);
    }

    @Test
    void vertexReadsWhatItCanItself() {
        ask("vertex/gemini-2.5-flash", image("https://example.com/a.png"));
        assertThat(second.last().body()).contains("\"fileUri\":\"https://example.com/a.png\"");
        assertThat(web.requests()).isEmpty();
    }

    @Test
    void anAddressThatMustNotBeAskedIsTheCallersFault() {
        HttpResponse<String> answer = ask(
                "gemini/gemini-2.5-flash",
                "{\"type\":\"text\",\"text\":\"x\"}",
                image("http://169.254.169.254/latest"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("messages[0].content[1]", "is at an address that is not public");
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void aPageInsteadOfAnImageIsTheCallersFault() {
        web.answer(new Script().head(200, "image/png", 15).send("<!doctype html>"));
        HttpResponse<String> answer = ask("gemini/gemini-2.5-flash", image(local("/a")));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("holds no image");
        assertThat(first.requests()).isEmpty();
    }
}
