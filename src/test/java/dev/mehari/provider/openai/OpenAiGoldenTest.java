package dev.mehari.provider.openai;

import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenGateway;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases in {@code src/test/resources/openai}. */
@Timeout(30)
class OpenAiGoldenTest {
    private static GoldenGateway gateway;

    @BeforeAll
    static void start() {
        gateway = GoldenGateway.of(
                List.of("openai", "sambanova", "groq", "mistral", "deepseek", "openrouter", "ollama"),
                "mehari.models[0].name=fast",
                "mehari.models[0].deployments[0].provider=sambanova",
                "mehari.models[0].deployments[0].model=Meta-Llama-3.3-70B-Instruct");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("openai");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        gateway.play(golden);
    }
}
