package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.FullBacklog;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Deployments of one provider, some of them with less patience than their provider has. */
class DeploymentTimeoutsTest {
    private static ScriptedUpstream upstream;
    private static FullBacklog unreachable;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        unreachable = new FullBacklog();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.openai.timeouts.total=1s",
                "mehari.providers.groq.base-url=" + unreachable.url(),
                "mehari.models[0].name=no-first-token",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].timeouts.first-token=200ms",
                "mehari.models[1].name=silent",
                "mehari.models[1].deployments[0].provider=openai",
                "mehari.models[1].deployments[0].timeouts.idle=200ms",
                "mehari.models[2].name=endless",
                "mehari.models[2].deployments[0].provider=openai",
                "mehari.models[2].deployments[0].timeouts.total=300ms",
                "mehari.models[3].name=far",
                "mehari.models[3].deployments[0].provider=groq",
                "mehari.models[3].deployments[0].timeouts.connect=200ms",
                "mehari.models[4].name=patient",
                "mehari.models[4].deployments[0].provider=openai");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        unreachable.close();
    }

    private static void saysSo(String model, boolean stream, int status, String words) {
        HttpResponse<String> answer = gateway.chat(Answers.ask(model, stream));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void eachHasItsOwn() {
        upstream.answer(Script.silence());
        saysSo("no-first-token", true, 504, "sent no first token within 200 ms");
        saysSo("endless", false, 504, "did not finish within 300 ms");
        saysSo("far", true, 504, "did not accept a connection within 200 ms");
        upstream.answer(Script.stream().event(Answers.text("one")).hang());
        saysSo("silent", true, 200, "fell silent for 200 ms");
    }

    @Test
    void whatIsNotSetIsTheProviders() {
        upstream.answer(Script.silence());
        long started = System.nanoTime();
        saysSo("patient", true, 504, "did not finish within 1000 ms");
        saysSo("silent", false, 504, "did not finish within 1000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void aLongAnswerGetsMoreOfItsOwnTotal() {
        upstream.answer(new Script().pause(Duration.ofMillis(500)).then(Script.json(200, Answers.json("long"))));
        String longer = Answers.ask("endless", false).replace("\"stream\"", "\"max_tokens\":64000,\"stream\"");
        assertThat(gateway.chat(longer).body()).contains("long");
        saysSo("endless", false, 504, "did not finish within 300 ms");
    }
}
