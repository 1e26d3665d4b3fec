package dev.mehari.dialect.responses;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenPlay;
import dev.mehari.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every {@link GoldenCase} of a Responses client, over each protocol, through the running gateway. */
@Timeout(30)
class ResponsesGoldenTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        String address = "http://127.0.0.1:" + upstream.port();
        gateway = Gateway.start(
                "mehari.providers.openai.base-url=" + address + "/v1",
                "mehari.providers.openai.api-key=openai-key",
                "mehari.providers.azure.base-url=" + address,
                "mehari.providers.azure.api-version=2024-10-21",
                "mehari.providers.anthropic.base-url=" + address,
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.providers.gemini.base-url=" + address,
                "mehari.providers.bedrock.base-url=" + address,
                "mehari.media.fetch=false");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("responses");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        new GoldenPlay(gateway, upstream, "/v1/responses").play(golden);
    }
}
