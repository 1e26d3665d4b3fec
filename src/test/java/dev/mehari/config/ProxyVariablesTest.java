package dev.mehari.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables as the environments of older proxies have them (docs/migrate), which other tests do not set by name. */
class ProxyVariablesTest {
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private static ScriptedUpstream upstream;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream().answer(Script.json(200, Answers.json("hello")));
    }

    @AfterAll
    static void stop() {
        upstream.close();
    }

    @Test
    void theFullAddressOfOpenAisChatIsCutBackAndItsModelServesWhoNamesNone() {
        try (Gateway gateway = Gateway.start(
                "OPENAI_API_URL=" + upstream.url() + "/chat/completions",
                "OPENAI_API_KEY=proxy-key",
                "OPENAI_MODEL=gpt-4.1-mini")) {
            HttpResponse<String> answer = gateway.post("/chat/completions", "{\"provider\":\"openai\"," + HELLO);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(upstream.last().path()).isEqualTo("/v1/chat/completions");
            assertThat(upstream.last().header("authorization")).isEqualTo("Bearer proxy-key");
            assertThat(upstream.last().json().path("model").asText()).isEqualTo("gpt-4.1-mini");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/chat/completions"})
    void sambaNovasAddressMayEndInItsPath(String end) {
        try (Gateway gateway =
                Gateway.start("SAMBANOVA_BASE_URL=" + upstream.url() + end, "SAMBANOVA_API_KEY=proxy-key")) {
            String ask = "{\"model\":\"Meta-Llama-3.3-70B-Instruct\"," + HELLO;
            assertThat(gateway.post("/chat/completions", ask).statusCode()).isEqualTo(200);
            assertThat(upstream.last().path()).isEqualTo("/v1/chat/completions");
            assertThat(gateway.post("/chat/completions/chat/completions", ask).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void langfusesOlderVariableForItsAddressIsKnown() {
        upstream.reset();
        try (Gateway gateway = Gateway.start(
                "LANGFUSE_HOST=" + upstream.address(), "LANGFUSE_PUBLIC_KEY=pk-lf-1", "LANGFUSE_SECRET_KEY=sk-lf-1")) {
            gateway.chat("{\"model\":\"demo\"," + HELLO);
            try {
                assertThat(upstream.awaitRequest().path()).startsWith("/api/public/otel");
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        }
    }
}
