package dev.mehari.provider.anthropic;

import dev.mehari.provider.Ask;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenGateway;
import dev.mehari.testing.Shipped;
import dev.mehari.testing.StreamCuts;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases in {@code src/test/resources/anthropic}. */
@Timeout(30)
class AnthropicGoldenTest {
    private static GoldenGateway gateway;

    @BeforeAll
    static void start() {
        gateway = GoldenGateway.of(List.of("anthropic"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("anthropic");
    }

    static List<GoldenCase> streams() {
        return cases().stream().filter(GoldenCase::isStream).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        gateway.play(golden);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        Ask ask =
                Shipped.ask(Shipped.providers().find("anthropic"), "claude-sonnet-4-20250514", golden.clientRequest());
        StreamCuts.changeNothing(new AnthropicProtocol(Shipped.settings()), ask, golden.upstreamAnswer());
    }
}
