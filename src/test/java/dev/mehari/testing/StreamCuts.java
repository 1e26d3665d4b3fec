package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.EventSink;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import java.nio.charset.StandardCharsets;

/** Feeds a stream to a protocol's decoder, however the network may cut it, and sees what a chat client would see. */
public final class StreamCuts {
    private StreamCuts() {}

    /** Checks that a cut at any byte, and one at every byte, change nothing. */
    public static void changeNothing(Protocol protocol, Ask ask, byte[] body) {
        String whole = seen(protocol, ask, body, body.length);
        for (int cut = 1; cut < body.length; cut++) {
            assertThat(seen(protocol, ask, body, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        Client client = new Client(protocol, ask);
        for (byte b : body) {
            client.feed(new byte[] {b}, 0, 1);
        }
        assertThat(client.seen()).as("byte by byte").isEqualTo(whole);
    }

    /** What the client sees of a stream that comes in two pieces. */
    public static String seen(Protocol protocol, Ask ask, byte[] body, int cut) {
        Client client = new Client(protocol, ask);
        client.feed(body, 0, cut);
        client.feed(body, cut, body.length - cut);
        return client.seen();
    }

    /** A chat client behind the decoder. */
    public static final class Client implements EventSink {
        private final EventDecoder decoder;
        private final EventEncoder encoder;
        private final ByteSink out = new ByteSink(4096);

        public Client(Protocol protocol, Ask ask) {
            decoder = protocol.decodeStream(ask);
            encoder = new ChatDialect().streamWriter(ask.request());
        }

        public void feed(byte[] bytes, int offset, int length) {
            decoder.feed(bytes, offset, length, this);
        }

        @Override
        public void accept(ChatEvent event) {
            encoder.encode(event, out);
        }

        /** Ends the stream, and tells all that was seen of it. */
        public String seen() {
            decoder.end(this);
            // Times of our own making may differ by a second.
            return new String(out.toByteArray(), StandardCharsets.UTF_8)
                    .replaceAll("\"created\":\\d+", "\"created\":0");
        }
    }
}
