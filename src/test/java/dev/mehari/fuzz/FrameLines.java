package dev.mehari.fuzz;

import dev.mehari.provider.EventStreamReader;
import dev.mehari.testing.EventFrames;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * AWS's frames as lines such as {@code event contentBlockDelta {…}}: mutated bytes would never get past the checksums,
 * mutated lines do.
 */
final class FrameLines {
    private FrameLines() {}

    static byte[] of(byte[] frames) {
        StringBuilder lines = new StringBuilder();
        new EventStreamReader(new EventStreamReader.Messages() {
                    @Override
                    public void event(String type, byte[] payload, int offset, int length) {
                        line("event", type, new String(payload, offset, length, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void failure(String type, String message, byte[] payload, int offset, int length) {
                        line(
                                message == null ? "exception" : "error",
                                type,
                                message == null
                                        ? new String(payload, offset, length, StandardCharsets.UTF_8)
                                        : message);
                    }

                    private void line(String kind, String type, String rest) {
                        lines.append(kind).append(' ').append(type).append(' ');
                        lines.append(rest.replace('\n', ' ')).append('\n');
                    }
                })
                .feed(frames, 0, frames.length);
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The frames of such lines; what is none is left out. */
    static byte[] frames(byte[] lines) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
            String[] words = line.split(" ", 3);
            boolean known = words[0].equals("event") || words[0].equals("exception") || words[0].equals("error");
            // What AWS's own writer takes: no empty texts.
            if (known && words.length == 3 && !words[1].isEmpty() && words[1].length() < 100 && !words[2].isEmpty()) {
                frames.writeBytes(EventFrames.frame(words[0], words[1], words[2]));
            }
        }
        return frames.toByteArray();
    }
}
