package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Java's own client as it is by default, which LangChain4j and Spring AI use: without TLS it asks for an upgrade to HTTP/2.
 * Each client here is new, as it asks on new connections only.
 */
class JavaHttpClientTest {
    private static final int MANY = 20;

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static HttpRequest chat(String json) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    /** Every few characters another number, so that nothing can be lost or change places unseen. */
    private static String numbered(int length) {
        StringBuilder text = new StringBuilder(length + 8);
        for (int i = 0; text.length() < length; i++) {
            text.append(i).append('.');
        }
        return text.toString();
    }

    /** Where an upgrade was followed, one in twenty of these was broken: a large answer that is there at once. */
    @Test
    void answersThatAreThereAtOnceComeWhole() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/openapi.json"))
                .build();
        String whole = gateway.get("/openapi.json").body();
        assertThat(whole).hasSizeGreaterThan(65_536);
        for (int i = 0; i < 10 * MANY; i++) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                assertThat(client.send(request, BodyHandlers.ofString()).body().equals(whole))
                        .isTrue();
            }
        }
    }

    @Test
    void largeAnswersComeWhole() throws Exception {
        String whole = Answers.json(numbered(2_000_000));
        upstream.answer(Script.json(200, whole));
        for (int i = 0; i < MANY; i++) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = client.send(chat(Answers.ask("gpt-4o", false)), BodyHandlers.ofString());
                assertThat(answer.body().equals(whole)).isTrue();
            }
        }
    }

    @Test
    void largeStreamsComeWhole() throws Exception {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            words.add(i + ":" + numbered(1000));
        }
        upstream.answer(Script.events(Answers.stream(words.toArray(String[]::new))));
        for (int i = 0; i < MANY; i++) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = client.send(chat(Answers.ask("gpt-4o", true)), BodyHandlers.ofString());
                int from = 0;
                for (String word : words) {
                    from = answer.body().indexOf(word, from);
                    assertThat(from).isNotNegative();
                }
                assertThat(answer.body()).endsWith("data: [DONE]\n\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 3_000_000})
    void aBodyThatComesWithTheWishForAnUpgradeArrivesWhole(int length) throws Exception {
        upstream.answer(Script.json(200, Answers.json("read")));
        String prompt = numbered(length);
        try (HttpClient client = HttpClient.newHttpClient()) {
            // The second one comes on a connection where the first upgrade was passed over.
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer =
                        client.send(chat(Answers.ask("gpt-4o", false).replace("hi", prompt)), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
                assertThat(upstream.awaitRequest().body()).contains(prompt);
            }
        }
    }

    @Test
    void noUpgradeIsPromised() {
        String head = "GET /health HTTP/1.1\r\nhost: g\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
                + "http2-settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n\r\n";
        RawHttp.Reply answer = RawHttp.send(gateway, head.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"up\"}");
    }
}
