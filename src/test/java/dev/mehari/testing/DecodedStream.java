package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.EventSink;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.dialect.messages.MessagesDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import java.nio.charset.StandardCharsets;

/** What a client of the chat or Messages API sees of a provider's stream, fed to the decoder in pieces. One instance a stream. */
public final class DecodedStream implements EventSink {
    private final EventDecoder decoder;
    private final EventEncoder encoder;
    private final ByteSink out = new ByteSink(4096);

    public DecodedStream(Protocol protocol, Ask ask) {
        decoder = protocol.decodeStream(ask);
        Dialect dialect = ask.dialect().equals("messages") ? new MessagesDialect() : new ChatDialect();
        encoder = dialect.streamWriter(ask.request());
    }

    /** Cut in two at any byte, or into single bytes, the stream must decode to the same. */
    public static void sameHoweverCut(Protocol protocol, Ask ask, byte[] body) {
        String whole = cutAt(protocol, ask, body, body.length);
        for (int cut = 1; cut < body.length; cut++) {
            assertThat(cutAt(protocol, ask, body, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        DecodedStream bytewise = new DecodedStream(protocol, ask);
        for (int i = 0; i < body.length; i++) {
            bytewise.feed(body, i, 1);
        }
        assertThat(bytewise.end()).isEqualTo(whole);
    }

    /** The stream fed in two pieces. */
    public static String cutAt(Protocol protocol, Ask ask, byte[] body, int cut) {
        DecodedStream client = new DecodedStream(protocol, ask);
        client.feed(body, 0, cut);
        client.feed(body, cut, body.length - cut);
        return client.end();
    }

    public void feed(byte[] bytes, int offset, int length) {
        decoder.feed(bytes, offset, length, this);
    }

    /** Ends the stream and tells all that the client has seen. */
    public String end() {
        decoder.end(this);
        // Times and ids of our own making differ from run to run.
        return new String(out.toByteArray(), StandardCharsets.UTF_8)
                .replaceAll("\"created\":\\d+", "\"created\":0")
                .replaceAll("call_[0-9A-Za-z]{24}", "call_ours");
    }

    @Override
    public void accept(ChatEvent event) {
        encoder.encode(event, out);
    }
}
