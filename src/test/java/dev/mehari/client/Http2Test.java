package dev.mehari.client;

import static dev.mehari.testing.H2Connection.END_HEADERS;
import static dev.mehari.testing.H2Connection.END_STREAM;
import static dev.mehari.testing.H2Connection.HEADERS;
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
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 as clients come with it: agreed on inside TLS, or spoken at once. */
class Http2Test {
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

    private static HttpRequest ask(boolean stream) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + secure.port() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(Answers.ask("gpt-4o-mini", stream)))
                .build();
    }

    private static HttpResponse<String> answer(boolean stream) throws Exception {
        HttpResponse<String> answer = client.send(ask(stream), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return answer;
    }

    @Test
    void aWholeAnswer() throws Exception {
        upstream.answer(Script.json(200, Answers.json("hello")));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = answer(false);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(Answers.json("hello"));
            assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        }
    }

    @Test
    void aStream() throws Exception {
        upstream.answer(Script.events(Answers.stream("hello")));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = answer(true);
            assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
            assertThat(answer.headers().firstValue("transfer-encoding")).isEmpty();
            assertThat(answer.body()).contains("hello").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void aFailureAfterTheCommitEndsItsStreamOnly() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("steady"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (BufferedReader steady = events()) {
            assertThat(steady.readLine()).contains("steady");
            upstream.answer(
                    Script.stream().event(Answers.text("half")).event(Answers.error("on fire", "server_error", null)));
            assertThat(answer(true).body()).contains("half", "on fire").doesNotContain("[DONE]");
            go.countDown();
            assertThat(steady.lines()).contains("data: [DONE]");
        }
    }

    @Test
    void oneStreamIsCancelledWhileAnotherGoesOn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("steady"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (BufferedReader steady = events()) {
            assertThat(steady.readLine()).contains("steady");
            upstream.answer(Script.stream().event(Answers.text("half")).hang());
            try (BufferedReader cancelled = events()) {
                assertThat(cancelled.readLine()).contains("half");
            }
            upstream.last().closed().await(Duration.ofSeconds(1));
            go.countDown();
            assertThat(steady.lines()).contains("data: [DONE]");
        }
    }

    private static BufferedReader events() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(ask(true), HttpResponse.BodyHandlers.ofInputStream());
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

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/openapi.json", "/nope"})
    void headIsAnsweredWithoutABody(String path) throws Exception {
        try (H2Connection connection = new H2Connection(plain.port())) {
            byte[] head = H2Connection.block(":method", "HEAD", ":scheme", "http", ":path", path, ":authority", "g");
            connection.send(HEADERS, END_HEADERS | END_STREAM, 1, head);
            assertThat(connection.body(1)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0001b", "a\u000bb", "a\u007fb"})
    void aHeaderWithAControlCharacterIsRefused(String value) throws Exception {
        try (H2Connection connection = new H2Connection(plain.port())) {
            connection.ask(1, Answers.ask("gpt-4o-mini", false), "openai-beta", value);
            assertThat(connection.body(1)).contains("The header openai-beta holds a control character.");
        }
    }

    @Test
    void anHttp11ClientIsServedOverTlsToo() throws Exception {
        upstream.answer(Script.json(200, Answers.json("hello")));
        HttpRequest old = HttpRequest.newBuilder(ask(false), (name, value) -> true)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        HttpResponse<String> answer = client.send(old, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).contains("hello");
    }
}
