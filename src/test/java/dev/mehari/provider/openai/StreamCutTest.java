package dev.mehari.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.EventSink;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import dev.mehari.testing.Answers;
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
        return GoldenCase.all().stream().filter(GoldenCase::isStream).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        byte[] body = golden.upstreamAnswer();
        Ask ask = Shipped.ask(
                Shipped.providers().find(golden.recordedProvider()), "upstream-model", golden.clientRequest());
        String whole = decode(ask, body, body.length);
        for (int cut = 1; cut < body.length; cut++) {
            assertThat(decode(ask, body, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        assertThat(decodeBytewise(ask, body)).isEqualTo(whole);
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
        assertThat(decode(ask, body, 16 * 1024)).startsWith("data: " + record.replace("1764000000", "0") + "\n\n");
    }

    @Test
    void aRecordThatIsTooLargeOnlyAtTheEndIsAFailureToo() {
        byte[] half = ("data: " + "x".repeat(SseReader.MAX_EVENT_BYTES * 2 / 3)).getBytes(StandardCharsets.UTF_8);
        String request = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Client client = new Client(Shipped.ask(Shipped.providers().find("openai"), "m", request));
        client.decoder.feed(half, 0, half.length, client);
        client.decoder.feed(new byte[] {'\n'}, 0, 1, client);
        client.decoder.feed(half, 0, half.length, client);
        client.decoder.end(client);
        assertThat(client.seen()).startsWith("data: {\"error\":").contains("an event of more than");
    }

    private static String decode(Ask ask, byte[] body, int cut) {
        Client client = new Client(ask);
        client.decoder.feed(body, 0, cut, client);
        client.decoder.feed(body, cut, body.length - cut, client);
        client.decoder.end(client);
        return client.seen();
    }

    private static String decodeBytewise(Ask ask, byte[] body) {
        Client client = new Client(ask);
        for (byte b : body) {
            client.decoder.feed(new byte[] {b}, 0, 1, client);
        }
        client.decoder.end(client);
        return client.seen();
    }

    private static final class Client implements EventSink {
        private final EventDecoder decoder;
        private final EventEncoder encoder;
        private final ByteSink out = new ByteSink(4096);

        Client(Ask ask) {
            decoder = PROTOCOL.decodeStream(ask);
            encoder = new ChatDialect().streamWriter(ask.request());
        }

        @Override
        public void accept(ChatEvent event) {
            encoder.encode(event, out);
        }

        String seen() {
            // Times of our own making may differ by a second.
            return new String(out.toByteArray(), StandardCharsets.UTF_8)
                    .replaceAll("\"created\":\\d+", "\"created\":0");
        }
    }
}
