package dev.mehari.provider.anthropic;

import dev.mehari.provider.Ask;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenPlay;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.Shipped;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases in {@code src/test/resources/anthropic}. */
@Timeout(30)
class AnthropicGoldenTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.anthropic.base-url=" + upstream.url(),
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.providers.anthropic.pool.warm-up=0");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
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
        new GoldenPlay(gateway, upstream, "/v1/chat/completions").play(golden);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        Ask ask =
                Shipped.ask(Shipped.providers().find("anthropic"), "claude-sonnet-4-20250514", golden.clientRequest());
        DecodedStream.sameHoweverCut(new AnthropicProtocol(Shipped.settings()), ask, golden.upstreamAnswer());
    }
}
