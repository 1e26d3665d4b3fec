package dev.mehari.fuzz;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.EventSink;
import dev.mehari.dialect.Dialect;
import dev.mehari.provider.Ask;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Any bytes as a provider's stream, on their way to a client of any API: nothing is thrown, one end comes and nothing after
 * it, what the client gets does not depend on how the network cut it, and is not much more than what came.
 */
final class StreamFuzz {
    /** What one byte of an answer may become: a chunk of our own around each of a few. */
    private static final int FACTOR = 400;

    private static final int BESIDES = 64 * 1024;
    private static final Pattern OURS = Pattern.compile(
            "(call|toolu|fc|ctc|rs|ig|msg|resp|req|chatcmpl)[_-][0-9A-Za-z]{20,}|\"(created|created_at|completed_at)\":\\d+");

    private StreamFuzz() {}

    static Stream<byte[]> seeds() {
        return Stream.concat(Wire.seeds(true), Wire.found("streams"));
    }

    /** @param data three bytes that choose provider, client API and where to cut, and the stream */
    static void read(byte[] data) {
        if (data.length < 3) {
            return;
        }
        Wire wire = Wire.of(data[0]);
        Dialect dialect = Wire.dialect(data[1]);
        byte[] body = Arrays.copyOfRange(data, 3, data.length);
        byte[] stream = wire.frames() ? FrameLines.frames(body) : body;
        int cut = (int) ((long) stream.length * (data[2] & 0xFF) / 256);
        Ask ask = wire.ask(dialect);
        String whole = client(wire, dialect, ask, stream, stream.length);
        String parted = client(wire, dialect, ask, stream, cut);
        if (!parted.equals(whole)) {
            throw new AssertionError("cut at " + cut + " the client gets\n" + parted + "\ninstead of\n" + whole);
        }
    }

    private static String client(Wire wire, Dialect dialect, Ask ask, byte[] stream, int cut) {
        Client client = new Client(dialect.streamWriter(ask.request()));
        EventDecoder decoder = wire.protocol().decodeStream(ask);
        decoder.feed(stream, 0, cut, client);
        decoder.feed(stream, cut, stream.length - cut, client);
        decoder.end(client);
        if (!client.over) {
            throw new AssertionError("the stream does not end");
        }
        if (client.out.length() > BESIDES + (long) FACTOR * stream.length) {
            throw new AssertionError(stream.length + " bytes became " + client.out.length());
        }
        String seen = new String(client.out.array(), 0, client.out.length(), StandardCharsets.UTF_8);
        return OURS.matcher(seen).replaceAll("ours");
    }

    private static final class Client implements EventSink {
        private final EventEncoder encoder;
        private final ByteSink out = new ByteSink(4096);
        private boolean over;

        Client(EventEncoder encoder) {
            this.encoder = encoder;
        }

        @Override
        public void accept(ChatEvent event) {
            if (over) {
                throw new AssertionError("after its end the stream says " + event);
            }
            over = event instanceof ChatEvent.End || event instanceof ChatEvent.Failure;
            encoder.encode(event, out);
        }
    }
}
