package dev.mehari.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A provider's route and the loop around it, as the routes have them. */
class ProviderRouteTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        List<String> settings = new ArrayList<>();
        for (String provider : List.of("groq", "mistral", "sambanova", "deepseek")) {
            settings.add("mehari.providers." + provider + ".base-url=" + upstream.url());
        }
        settings.add("mehari.models[0].name=pair");
        settings.add("mehari.models[0].deployments[0].provider=mistral");
        settings.add("mehari.models[0].deployments[0].model=mistral-large-latest");
        settings.add("mehari.models[0].deployments[0].priority=2");
        settings.add("mehari.models[0].deployments[1].provider=groq");
        gateway = Gateway.start(settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void theLoopTriesOneProviderAfterTheOther() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CamelContext camel = gateway.bean(CamelContext.class);
        AdviceWith.adviceWith(camel, "provider-groq", advice -> advice.weaveByToUri("direct:protocol-openai")
                .replace()
                .process(exchange -> {
                    order.add("groq");
                    throw new UpstreamUnavailable(503, "replaced by the test", null);
                }));
        AdviceWith.adviceWith(camel, "provider-mistral", advice -> advice.weaveByToUri("direct:protocol-openai")
                .before()
                .process(exchange -> order.add("mistral")));
        upstream.answer(Script.json(200, Answers.json("hello")));
        HttpResponse<String> answer = gateway.chat(Answers.ask("pair", false));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(order).containsExactly("groq", "mistral");
        assertThat(answer.headers().firstValue("x-mehari-provider")).contains("mistral");
        assertThat(answer.headers().firstValue("x-mehari-attempts")).contains("2");
        assertThat(answer.body()).contains("\"model\":\"pair\"");
    }

    @Test
    void theBreakerOpensAfterFailuresAndSendsNothingMore() {
        upstream.reset();
        upstream.answer(Script.json(500, Answers.error("down", "server_error", null)));
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.chat(Answers.ask("Meta-Llama-3.3-70B-Instruct", false))
                            .statusCode())
                    .isEqualTo(502);
        }
        HttpResponse<String> answer = gateway.chat(Answers.ask("Meta-Llama-3.3-70B-Instruct", false));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("left out for a while", "sambanova");
        assertThat(upstream.requests()).hasSize(20);
    }

    @Test
    void aRejectionPassesTheBreakerAsAValue() {
        upstream.reset();
        upstream.answer(request -> Script.json(
                upstream.requests().size() % 2 == 0 ? 429 : 422, Answers.error("no", "invalid_request_error", null)));
        for (int i = 0; i < 24; i++) {
            assertThat(gateway.chat(Answers.ask("deepseek-v4-pro", false)).statusCode())
                    .isIn(422, 429);
        }
        assertThat(upstream.requests()).hasSize(24);
    }
}
