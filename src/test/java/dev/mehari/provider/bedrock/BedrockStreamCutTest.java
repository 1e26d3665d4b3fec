package dev.mehari.provider.bedrock;

import dev.mehari.provider.Ask;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Shipped;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts a stream, the client sees the same. */
class BedrockStreamCutTest {
    private static final BedrockProtocol PROTOCOL = new BedrockProtocol(Shipped.settings());

    static List<GoldenCase> streams() {
        return GoldenCase.all("bedrock").stream().filter(GoldenCase::isStream).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        Ask ask = Shipped.ask(Shipped.providers().find("bedrock"), "us.amazon.nova-pro-v1:0", golden.clientRequest());
        DecodedStream.sameHoweverCut(PROTOCOL, ask, golden.upstreamAnswer());
    }
}
