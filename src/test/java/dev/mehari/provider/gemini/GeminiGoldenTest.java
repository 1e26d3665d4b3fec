package dev.mehari.provider.gemini;

import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenGateway;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every {@link GoldenCase} of Gemini, at AI Studio and at Vertex AI, through the running gateway. */
@Timeout(30)
class GeminiGoldenTest {
    private static GoldenGateway gateway;

    @BeforeAll
    static void start() {
        gateway = GoldenGateway.of(List.of("gemini", "vertex"), "mehari.media.fetch=false");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("gemini");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        gateway.play(golden);
    }
}
