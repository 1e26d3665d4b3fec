package dev.mehari.dialect.messages;

import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.anthropic.AnthropicProtocol;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Shipped;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts a stream, the client of the Messages API sees the same: translated, and passed on. */
class MessagesStreamCutTest {
    static List<GoldenCase> translated() {
        return cases("openai-stream");
    }

    static List<GoldenCase> passed() {
        return cases("anthropic-stream");
    }

    private static List<GoldenCase> cases(String prefix) {
        return GoldenCase.all("messages").stream()
                .filter(golden -> golden.toString().startsWith(prefix))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("translated")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        check(new OpenAiProtocol(), "openai", golden);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passed")
    void aCutOfWhatPassesChangesNothing(GoldenCase golden) {
        check(new AnthropicProtocol(Shipped.settings()), "anthropic", golden);
    }

    private static void check(Protocol protocol, String provider, GoldenCase golden) {
        Ask ask = Shipped.messages(Shipped.providers().find(provider), golden.clientRequest());
        DecodedStream.sameHoweverCut(protocol, ask, golden.upstreamAnswer());
    }
}
