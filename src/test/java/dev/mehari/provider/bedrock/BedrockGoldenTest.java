package dev.mehari.provider.bedrock;

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

/** Plays every {@link GoldenCase} of Converse through the running gateway. */
@Timeout(30)
class BedrockGoldenTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.media.fetch=false",
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.aws.access-key-id=AKIDEXAMPLE",
                "mehari.providers.bedrock.aws.secret-access-key=secret");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("bedrock");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        new GoldenPlay(gateway, upstream, "/v1/chat/completions").play(golden);
    }
}
