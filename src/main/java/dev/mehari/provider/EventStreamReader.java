package dev.mehari.provider;

import dev.mehari.chat.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into AWS event stream messages, however the network has cut it, and checks both checksums of
 * each. The SDK's own {@code MessageDecoder} takes 2 MiB a stream before its first byte; this one takes what a message
 * cut in two needs.
 *
 * <p>Source: Amazon event stream encoding, {@code application/vnd.amazon.eventstream}: total length, headers length, CRC
 * of those, headers, payload, CRC of all before; big-endian. One instance a stream; not thread-safe.
 */
public final class EventStreamReader {
    /** A message that says it is larger is none: services send up to 24 MB. */
    public static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final byte TEXT = 7;

    /** Takes each message. */
    public interface Messages {
        /**
         * An event.
         *
         * @param type its {@code :event-type}
         * @param payload most often JSON; the array is shared and only lent for this call
         */
        void event(String type, byte[] payload, int offset, int length);

        /**
         * A failure, after which nothing follows.
         *
         * @param type its {@code :exception-type}, or the {@code :error-code} of an error without a model
         * @param message of such an error; null: it is in the payload
         */
        void failure(String type, @Nullable String message, byte[] payload, int offset, int length);
    }

    private final Messages messages;
    private final ByteSink held = new ByteSink(0);
    private final CRC32 crc = new CRC32();
    private int expected;

    public EventStreamReader(Messages messages) {
        this.messages = messages;
    }

    /**
     * Takes the next bytes.
     *
     * @throws BadFrame they are no such stream; what comes after them cannot be read
     */
    public void feed(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            at = held.isEmpty() ? direct(bytes, at, end) : gather(bytes, at, end);
        }
    }

    /** Whether a message has begun and not ended. */
    public boolean isCut() {
        return !held.isEmpty();
    }

    /** Reads a message that is there as a whole where it lies; else keeps what there is of it. */
    private int direct(byte[] bytes, int at, int end) {
        if (end - at >= PRELUDE) {
            int total = totalLength(bytes, at);
            if (end - at >= total) {
                message(bytes, at, total);
                return at + total;
            }
            expected = total;
        } else {
            expected = 0;
        }
        held.write(bytes, at, end - at);
        return end;
    }

    private int gather(byte[] bytes, int from, int end) {
        int at = from;
        if (expected == 0) {
            int count = Math.min(PRELUDE - held.length(), end - at);
            held.write(bytes, at, count);
            at += count;
            if (held.length() < PRELUDE) {
                return at;
            }
            expected = totalLength(held.array(), 0);
        }
        int count = Math.min(expected - held.length(), end - at);
        held.write(bytes, at, count);
        if (held.length() == expected) {
            message(held.array(), 0, expected);
            held.clear();
        }
        return at + count;
    }

    /** Checked before the rest has come: with a wrong length we would wait for ever. */
    private int totalLength(byte[] bytes, int at) {
        int total = int32(bytes, at);
        int headers = int32(bytes, at + 4);
        if (checksum(bytes, at, 8) != int32(bytes, at + 8)) {
            throw new BadFrame("a message whose prelude has a wrong checksum");
        }
        if (headers < 0 || total < PRELUDE + CHECKSUM || total > MAX_MESSAGE_BYTES || headers > total - 16) {
            throw new BadFrame("a message with impossible lengths");
        }
        return total;
    }

    private void message(byte[] bytes, int at, int total) {
        int end = at + total - CHECKSUM;
        if (checksum(bytes, at, total - CHECKSUM) != int32(bytes, end)) {
            throw new BadFrame("a message with a wrong checksum");
        }
        int headersEnd = at + PRELUDE + int32(bytes, at + 4);
        String kind = "event";
        String type = "";
        String message = null;
        int i = at + PRELUDE;
        while (i < headersEnd) {
            int nameEnd = i + 1 + (bytes[i] & 0xFF);
            int value = nameEnd + 1;
            int size = value <= headersEnd ? size(bytes, nameEnd, headersEnd) : -1;
            int next = value + size;
            if (size < 0 || next > headersEnd) {
                throw new BadFrame("a message whose headers cannot be read");
            }
            if (bytes[nameEnd] == TEXT) {
                switch (text(bytes, i + 1, nameEnd)) {
                    case ":message-type" -> kind = text(bytes, value + 2, next);
                    case ":event-type", ":exception-type", ":error-code" -> type = text(bytes, value + 2, next);
                    case ":error-message" -> message = text(bytes, value + 2, next);
                    default -> {}
                }
            }
            i = next;
        }
        if (kind.equals("event")) {
            messages.event(type, bytes, headersEnd, end - headersEnd);
        } else {
            messages.failure(type, message, bytes, headersEnd, end - headersEnd);
        }
    }

    /** Bytes of a header's value, its own length included; -1 for a type that is not known. */
    private static int size(byte[] bytes, int type, int headersEnd) {
        return switch (bytes[type]) {
            case 0, 1 -> 0;
            case 2 -> 1;
            case 3 -> 2;
            case 4 -> 4;
            case 5, 8 -> 8;
            case 6, TEXT -> type + 2 < headersEnd ? 2 + ((bytes[type + 1] & 0xFF) << 8 | bytes[type + 2] & 0xFF) : -1;
            case 9 -> 16;
            default -> -1;
        };
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private int checksum(byte[] bytes, int offset, int length) {
        crc.reset();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    /** The bytes are no event stream, or were damaged on the way. */
    public static final class BadFrame extends RuntimeException {
        BadFrame(String what) {
            super(what, null, false, false);
        }
    }
}
