package dev.mehari.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.NameServer;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A provider whose name is lost, moves, or is asked for in vain. */
class NamesTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static NameServer names;
    private static ScriptedUpstream here;
    private static ScriptedUpstream there;
    private static InetAddress near;
    private static InetAddress far;
    private static Vertx vertx;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        near = InetAddress.getByName("127.0.0.1");
        far = InetAddress.getByName("127.0.0.2");
        here = new ScriptedUpstream().answer(Script.json(200, Answers.json("here"), "connection", "close"));
        there = new ScriptedUpstream(far, here.port())
                .answer(Script.json(200, Answers.json("there"), "connection", "close"));
        names = new NameServer();
        String address = "http://llm.provider.example:" + here.port() + "/v1";
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setAddressResolverOptions(new AddressResolverOptions()
                        .setServers(List.of(names.place()))
                        .setSearchDomains(List.of())));
        gateway = Gateway.on(
                vertx,
                "mehari.providers.openai.base-url=" + address,
                "mehari.providers.openai.api-key=k",
                "mehari.providers.openai.pool.warm-up=0",
                "mehari.providers.openai.pool.keep-alive=1s",
                "mehari.providers.openai.pool.connect-retries=0",
                "mehari.providers.groq.base-url=" + address.replace("llm", "other"),
                "mehari.providers.groq.pool.warm-up=0",
                "mehari.providers.groq.timeouts.first-token=1s",
                "mehari.providers.groq.timeouts.total=1s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        vertx.close();
        names.close();
        here.close();
        there.close();
    }

    private static HttpResponse<String> ask() {
        return gateway.chat(Answers.ask("gpt-4o-mini", false));
    }

    @Test
    void callsFollowANameThatIsLostAndMoves() {
        names.knows(near);
        assertThat(ask().body()).contains("here");
        names.knows(null);
        // What is known lasts for a second. (Connections close after each answer: one that is in use needs no name.)
        Eventually.holds(SOON, "the name is lost", () -> ask().statusCode() == 502);
        HttpResponse<String> lost = ask();
        assertThat(lost.statusCode()).isEqualTo(502);
        assertThat(lost.body())
                .contains("provider \\\"openai\\\" cannot be reached: its host name is unknown")
                .contains("\"code\":\"upstream_unavailable\"")
                .doesNotContain("provider.example");
        names.knows(far);
        Eventually.holds(SOON, "it is found elsewhere", () -> ask().body().contains("there"));
        names.knows(near);
        Eventually.holds(SOON, "and at home again", () -> ask().body().contains("here"));
    }

    @Test
    void aNameServerThatSaysNothingTakesNoLongerThanACallMay() {
        names.fallSilent();
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<String> answer = gateway.chat(Answers.ask("m", stream), "x-provider", "groq");
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("\"code\":\"upstream_timeout\"");
        }
        assertThat(names.asked()).isPositive();
        names.knows(near);
        Eventually.holds(
                SOON,
                "calls are served again",
                () -> gateway.chat(Answers.ask("m", false), "x-provider", "groq")
                                .statusCode()
                        == 200);
    }
}
