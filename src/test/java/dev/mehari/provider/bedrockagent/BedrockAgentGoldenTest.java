package dev.mehari.provider.bedrockagent;

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

/** Plays every {@link GoldenCase} of InvokeAgent through the running gateway. */
@Timeout(30)
class BedrockAgentGoldenTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.bedrock-agent.base-url=" + upstream.address(),
                "mehari.providers.bedrock-agent.aws.access-key-id=AKIDEXAMPLE",
                "mehari.providers.bedrock-agent.aws.secret-access-key=secret",
                "mehari.providers.bedrock-agent.aws.agent-id=AGENT12345");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("bedrock-agent");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        new GoldenPlay(gateway, upstream, "/v1/chat/completions").play(golden);
    }
}
