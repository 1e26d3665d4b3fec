package dev.mehari.provider.gemini;

import dev.mehari.provider.Ask;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Shipped;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts a stream, the client sees the same. */
class StreamCutTest {
    private static final GeminiProtocol PROTOCOL = new GeminiProtocol(new ThoughtSignatures());

    static List<GoldenCase> streams() {
        return GoldenCase.all("gemini").stream().filter(GoldenCase::isStream).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        Ask ask = Shipped.ask(Shipped.providers().find("gemini"), "gemini-3-pro-preview", golden.clientRequest());
        DecodedStream.sameHoweverCut(PROTOCOL, ask, golden.upstreamAnswer());
    }
}
