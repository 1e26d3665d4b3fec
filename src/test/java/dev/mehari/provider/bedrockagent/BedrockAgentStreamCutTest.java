package dev.mehari.provider.bedrockagent;

import dev.mehari.provider.Ask;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Shipped;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts an agent's answer, the client sees the same. */
class BedrockAgentStreamCutTest {
    private static final BedrockAgentProtocol PROTOCOL = new BedrockAgentProtocol(AgentTraces.NONE);

    static List<GoldenCase> streams() {
        return GoldenCase.all("bedrock-agent").stream()
                .filter(GoldenCase::isStream)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        Ask ask = Shipped.ask(Shipped.providers().find("bedrock-agent"), "bedrock-agent", golden.clientRequest());
        DecodedStream.sameHoweverCut(PROTOCOL, ask, golden.upstreamAnswer());
    }
}
