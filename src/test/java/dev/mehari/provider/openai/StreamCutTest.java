package dev.mehari.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import dev.mehari.testing.Answers;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Shipped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts a stream, the client sees the same. */
class StreamCutTest {
    private static final OpenAiProtocol PROTOCOL = new OpenAiProtocol();

    static List<GoldenCase> streams() {
        return GoldenCase.all("openai").stream().filter(GoldenCase::isStream).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        Ask ask = Shipped.ask(
                Shipped.providers().find(golden.recordedProvider()), "upstream-model", golden.clientRequest());
        DecodedStream.sameHoweverCut(PROTOCOL, ask, golden.upstreamAnswer());
    }

    @Test
    void aRecordOfOneMegabytePassesAsItIs() {
        String text = "é".repeat(512 * 1024);
        String record = Answers.text(text);
        byte[] body = ("data: " + record + "\n\ndata: " + Answers.finish() + "\n\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8);
        String request = "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Ask ask = Shipped.ask(Shipped.providers().find("openai"), "gpt-4o-mini", request);
        assertThat(DecodedStream.cutAt(PROTOCOL, ask, body, 16 * 1024))
                .startsWith("data: " + record.replace("1764000000", "0") + "\n\n");
    }

    @Test
    void aRecordThatIsTooLargeOnlyAtTheEndIsAFailureToo() {
        byte[] half = ("data: " + "x".repeat(SseReader.MAX_EVENT_BYTES * 2 / 3)).getBytes(StandardCharsets.UTF_8);
        String request = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        DecodedStream client =
                new DecodedStream(PROTOCOL, Shipped.ask(Shipped.providers().find("openai"), "m", request));
        client.feed(half, 0, half.length);
        client.feed(new byte[] {'\n'}, 0, 1);
        client.feed(half, 0, half.length);
        assertThat(client.end()).startsWith("data: {\"error\":").contains("an event of more than");
    }
}
