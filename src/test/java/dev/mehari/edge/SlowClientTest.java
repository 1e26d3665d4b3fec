package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that hold a connection without getting on with a request, and those that only wait for a slow model. */
class SlowClientTest {
    private static final String HEALTH = "GET /health HTTP/1.1\r\nhost: g\r\n\r\n";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.http.head-timeout=300ms",
                "mehari.http.body-timeout=300ms",
                "mehari.http.idle-timeout=600ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void aHeadThatDoesNotEndIsToldSoAndClosed() {
        try (RawClient client = new RawClient(gateway)) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\n");
            String head = client.head();
            assertThat(head).startsWith("http/1.1 408 ").contains("connection: close", "x-request-id: ");
            assertThat(client.rest()).contains("{\"error\":", "headers did not arrive within 0.3 s");
        }
    }

    @Test
    void aHeadThatDripsIsToldSoToo() throws InterruptedException {
        try (RawClient client = new RawClient(gateway)) {
            Thread dripping = Thread.ofVirtual().start(() -> {
                client.send("GET /health HTTP/1.1\r\n");
                for (int i = 0; i < 400 && client.trySend("x"); i++) {
                    Eventually.passes(Duration.ofMillis(50));
                }
            });
            assertThat(client.head()).startsWith("http/1.1 408 ");
            dripping.join();
        }
    }

    @Test
    void aBodyThatDoesNotEndIsToldSo() {
        try (RawClient client = new RawClient(gateway)) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 50\r\n\r\n{");
            assertThat(client.head()).startsWith("http/1.1 408 ");
            assertThat(client.rest()).contains("body did not arrive within 0.3 s");
        }
    }

    @Test
    void aSilentConnectionIsClosedWithoutAWord() {
        try (RawClient client = new RawClient(gateway)) {
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aKeptConnectionIsClosedWhenNothingMoreComes() {
        try (RawClient client = new RawClient(gateway)) {
            client.send(HEALTH);
            assertThat(client.head()).startsWith("http/1.1 200 ");
            assertThat(client.rest()).isEqualTo("{\"status\":\"up\"}");
        }
    }

    @Test
    void whoWaitsForASlowModelIsNotCutOff() {
        upstream.answer(new Script().pause(Duration.ofSeconds(3)).then(Script.json(200, Answers.json("at last"))));
        try (RawClient client = RawClient.chat(gateway, Answers.ask("gpt-4o-mini", false))) {
            assertThat(client.head()).startsWith("http/1.1 200 ");
            assertThat(client.rest()).contains("at last");
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndPlacesComeFree() {
        try (Gateway small = Gateway.start("mehari.http.connections=2");
                RawClient first = new RawClient(small);
                RawClient second = new RawClient(small)) {
            assertThat(first.send(HEALTH).head()).startsWith("http/1.1 200 ");
            assertThat(second.send(HEALTH).head()).startsWith("http/1.1 200 ");
            try (RawClient third = new RawClient(small)) {
                assertThat(third.rest()).isEmpty();
            }
            first.close();
            Eventually.holds(Duration.ofSeconds(20), "a place is free", () -> isServed(small));
            assertThat(second.body(15)).isEqualTo("{\"status\":\"up\"}");
            assertThat(second.send(HEALTH).head()).startsWith("http/1.1 200 ");
        }
    }

    private static boolean isServed(Gateway gateway) {
        try (RawClient client = new RawClient(gateway)) {
            return client.trySend(HEALTH.replace("host", "connection: close\r\nhost"))
                    && client.rest().contains("\"up\"");
        }
    }
}
