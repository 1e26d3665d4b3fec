package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Certificate;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 as clients come with it: agreed on inside TLS, by upgrade, or spoken at once. */
class Http2Test {
    private enum Over {
        TLS,
        UPGRADE
    }

    private static ScriptedUpstream upstream;
    private static Gateway plain;
    private static Gateway secure;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.in(folder);
        upstream = new ScriptedUpstream();
        plain = Gateway.before(upstream);
        secure = Gateway.before(
                upstream,
                "server.ssl.certificate=" + certificate.certificate(),
                "server.ssl.certificate-private-key=" + certificate.key());
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(certificate.trust())
                .build();
    }

    @AfterAll
    static void stop() {
        client.shutdownNow();
        secure.close();
        plain.close();
        upstream.close();
    }

    private static HttpRequest ask(Over over, boolean stream) {
        String address = over == Over.TLS ? "https://127.0.0.1:" + secure.port() : plain.url();
        return HttpRequest.newBuilder(URI.create(address + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(Answers.ask("gpt-4o-mini", stream)))
                .build();
    }

    private static HttpResponse<String> answer(Over over, boolean stream) throws Exception {
        HttpResponse<String> answer = client.send(ask(over, stream), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return answer;
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void aWholeAnswer(Over over) throws Exception {
        upstream.answer(Script.json(200, Answers.json("hello")));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = answer(over, false);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(Answers.json("hello"));
            assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void aStream(Over over) throws Exception {
        upstream.answer(Script.events(Answers.stream("hello")));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = answer(over, true);
            assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
            assertThat(answer.headers().firstValue("transfer-encoding")).isEmpty();
            assertThat(answer.body()).contains("hello").endsWith("data: [DONE]\n\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void aFailureAfterTheCommitEndsItsStreamOnly(Over over) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("steady"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (BufferedReader steady = events(over)) {
            assertThat(steady.readLine()).contains("steady");
            upstream.answer(
                    Script.stream().event(Answers.text("half")).event(Answers.error("on fire", "server_error", null)));
            assertThat(answer(over, true).body()).contains("half", "on fire").doesNotContain("[DONE]");
            go.countDown();
            assertThat(steady.lines()).contains("data: [DONE]");
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void oneStreamIsCancelledWhileAnotherGoesOn(Over over) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("steady"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (BufferedReader steady = events(over)) {
            assertThat(steady.readLine()).contains("steady");
            upstream.answer(Script.stream().event(Answers.text("half")).hang());
            try (BufferedReader cancelled = events(over)) {
                assertThat(cancelled.readLine()).contains("half");
            }
            upstream.last().closed().await(Duration.ofSeconds(1));
            go.countDown();
            assertThat(steady.lines()).contains("data: [DONE]");
        }
    }

    private static BufferedReader events(Over over) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(ask(over, true), HttpResponse.BodyHandlers.ofInputStream());
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    @Test
    void aClientThatSpeaksItAtOnce() throws Exception {
        upstream.answer(Script.events(Answers.stream("hello")));
        try (H2Connection connection = new H2Connection(plain.port())) {
            assertThat(connection.post("/v1/chat/completions", Answers.ask("gpt-4o-mini", true)))
                    .contains("hello")
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void anHttp11ClientIsServedOverTlsToo() throws Exception {
        upstream.answer(Script.json(200, Answers.json("hello")));
        HttpRequest old = HttpRequest.newBuilder(ask(Over.TLS, false), (name, value) -> true)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        HttpResponse<String> answer = client.send(old, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).contains("hello");
    }
}
