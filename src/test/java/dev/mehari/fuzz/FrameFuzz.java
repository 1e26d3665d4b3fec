package dev.mehari.fuzz;

import dev.mehari.provider.EventStreamReader;
import dev.mehari.provider.SseReader;
import dev.mehari.testing.EventFrames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Any bytes into what cuts streams into records: however they come, the same records or the same no. */
final class FrameFuzz {
    private FrameFuzz() {}

    static Stream<byte[]> seeds() {
        byte[] frames = EventFrames.of(List.of(
                "event messageStart {\"role\":\"assistant\"}",
                "exception throttlingException {\"message\":\"slow\"}",
                "error InternalFailure went wrong"));
        Stream<byte[]> some = Stream.of(
                Wire.seed(
                        text(
                                "\uFEFFdata: a\r\ndata:b\r\n\r\n: c\nevent: e\rdata: {\"x\":1}\r\rid: 1\nretry: 2\ndata\n\n"),
                        0,
                        80),
                Wire.seed(frames, 1, 80),
                Wire.seed(frames, 3, 160));
        return Stream.concat(some, Wire.found("frames"));
    }

    private static byte[] text(String stream) {
        return stream.getBytes(StandardCharsets.UTF_8);
    }

    /** @param data two bytes that choose the format, whether checksums are put right, and the cut; and the stream */
    static void read(byte[] data) {
        if (data.length < 2) {
            return;
        }
        byte[] body = Arrays.copyOfRange(data, 2, data.length);
        boolean aws = (data[0] & 1) != 0;
        if (aws && (data[0] & 2) != 0) {
            repair(body);
        }
        int cut = body.length * (data[1] & 0xFF) / 256;
        String whole = aws ? messages(body, body.length, body.length) : events(body, body.length, body.length);
        String parted = aws ? messages(body, cut, body.length) : events(body, cut, body.length);
        String bytewise = aws ? messages(body, 0, 1) : events(body, 0, 1);
        if (!parted.equals(whole) || !bytewise.equals(whole)) {
            throw new AssertionError(whole + "\n--- cut at " + cut + "\n" + parted + "\n--- byte by byte\n" + bytewise);
        }
    }

    /** Right checksums around whatever else is wrong in each message. */
    private static void repair(byte[] body) {
        ByteBuffer stream = ByteBuffer.wrap(body);
        int at = 0;
        while (at + 16 <= body.length) {
            stream.putInt(at + 8, checksum(body, at, 8));
            int total = stream.getInt(at);
            if (total < 16 || total > body.length - at) {
                return;
            }
            stream.putInt(at + total - 4, checksum(body, at, total - 4));
            at += total;
        }
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static String events(byte[] body, int cut, int step) {
        StringBuilder seen = new StringBuilder();
        SseReader reader = new SseReader((name, data, offset, length) -> seen.append(name)
                .append('|')
                .append(new String(data, offset, length, StandardCharsets.ISO_8859_1))
                .append('\n'));
        reader.feed(body, 0, cut);
        for (int i = cut; i < body.length; i += step) {
            reader.feed(body, i, Math.min(step, body.length - i));
        }
        reader.end();
        return seen.toString();
    }

    private static String messages(byte[] body, int cut, int step) {
        Seen seen = new Seen();
        EventStreamReader reader = new EventStreamReader(seen);
        try {
            reader.feed(body, 0, cut);
            for (int i = cut; i < body.length; i += step) {
                reader.feed(body, i, Math.min(step, body.length - i));
            }
            return seen.text + (reader.isCut() ? "cut" : "whole");
        } catch (EventStreamReader.BadFrame bad) {
            return seen.text + bad.getMessage();
        }
    }

    private static final class Seen implements EventStreamReader.Messages {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void event(String type, byte[] payload, int offset, int length) {
            failure(type, "event", payload, offset, length);
        }

        @Override
        public void failure(String type, String message, byte[] payload, int offset, int length) {
            String rest = new String(payload, offset, length, StandardCharsets.ISO_8859_1);
            text.append(type)
                    .append('|')
                    .append(message)
                    .append('|')
                    .append(rest)
                    .append('\n');
        }
    }
}
