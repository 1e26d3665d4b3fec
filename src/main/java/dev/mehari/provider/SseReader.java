package dev.mehari.provider;

import dev.mehari.chat.ByteSink;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into server-sent events, however the network has cut it: lines end in LF, CR or CRLF, a byte
 * order mark at the start is skipped, several {@code data:} lines are joined by LF, comments and other fields are
 * passed over, and a last event without its blank line still counts. Events without a byte of data, which some hosts
 * keep a connection alive with, say nothing and are passed over too.
 *
 * <p>Source: WHATWG HTML, Server-sent events, §9.2.6, read 2026-11-21. One instance a stream; not thread-safe.
 */
public final class SseReader {
    /** An event that grows beyond this is no answer of any provider. */
    public static final int MAX_EVENT_BYTES = 32 * 1024 * 1024;

    /** Takes each event. */
    @FunctionalInterface
    public interface Events {
        /**
         * @param name of the event, null for the default
         * @param data its data; the array is shared and only lent for this call
         */
        void event(@Nullable String name, byte[] data, int offset, int length);
    }

    private final Events events;
    private final ByteSink line = new ByteSink(256);
    private final ByteSink data = new ByteSink(512);
    private @Nullable String name;
    private boolean hasData;
    private boolean afterCr;
    private boolean started;

    public SseReader(Events events) {
        this.events = events;
    }

    /**
     * Takes the next bytes.
     *
     * @throws EventTooLarge one event exceeds {@link #MAX_EVENT_BYTES}
     */
    public void feed(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int start = offset;
        if (afterCr && length > 0) {
            // The LF of a CRLF that was cut in two.
            start += bytes[start] == '\n' ? 1 : 0;
            afterCr = false;
        }
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                endLine(bytes, start, i);
                if (b == '\r') {
                    if (i + 1 == end) {
                        afterCr = true;
                    } else if (bytes[i + 1] == '\n') {
                        i++;
                    }
                }
                start = i + 1;
            }
        }
        if (start < end) {
            keep(line, bytes, start, end - start);
        }
    }

    /** The stream has ended: a last line or event that was not closed counts now. */
    public void end() {
        if (!line.isEmpty()) {
            endLine(new byte[0], 0, 0);
        }
        dispatch();
    }

    private void endLine(byte[] bytes, int start, int end) {
        if (line.isEmpty()) {
            take(bytes, start, end);
        } else {
            keep(line, bytes, start, end - start);
            int length = line.length();
            take(line.array(), 0, length);
            line.clear();
        }
    }

    private void take(byte[] bytes, int lineStart, int end) {
        int start = lineStart;
        if (!started) {
            started = true;
            boolean mark = end - start >= 3
                    && bytes[start] == (byte) 0xEF
                    && bytes[start + 1] == (byte) 0xBB
                    && bytes[start + 2] == (byte) 0xBF;
            start += mark ? 3 : 0;
        }
        if (start == end) {
            dispatch();
        } else if (isField(bytes, start, end, DATA)) {
            if (hasData) {
                data.write('\n');
            }
            int value = valueStart(bytes, start + DATA.length, end);
            keep(data, bytes, value, end - value);
            hasData = true;
        } else if (isField(bytes, start, end, EVENT)) {
            int value = valueStart(bytes, start + EVENT.length, end);
            name = new String(bytes, value, end - value, StandardCharsets.UTF_8);
        }
    }

    private void dispatch() {
        if (!data.isEmpty()) {
            events.event(name, data.array(), 0, data.length());
            data.clear();
        }
        hasData = false;
        name = null;
    }

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    /** Whether the line's field name is that one: followed by a colon, or all of the line. */
    private static boolean isField(byte[] bytes, int start, int end, byte[] field) {
        int after = start + field.length;
        if (after > end || (after < end && bytes[after] != ':')) {
            return false;
        }
        for (int i = 0; i < field.length; i++) {
            if (bytes[start + i] != field[i]) {
                return false;
            }
        }
        return true;
    }

    /** After the colon and one optional space. */
    private static int valueStart(byte[] bytes, int afterName, int end) {
        int value = Math.min(afterName + 1, end);
        return value < end && bytes[value] == ' ' ? value + 1 : value;
    }

    private static void keep(ByteSink sink, byte[] bytes, int offset, int length) {
        if (sink.length() + length > MAX_EVENT_BYTES) {
            throw new EventTooLarge();
        }
        sink.write(bytes, offset, length);
    }

    /** JSON over several data lines is one value; on one line it can be sent on as it is. Changes the array it is given. */
    public static byte[] oneLine(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return json;
    }

    /** One event is larger than any answer can be. */
    public static final class EventTooLarge extends RuntimeException {
        EventTooLarge() {
            super("an event of more than " + MAX_EVENT_BYTES + " bytes", null, false, false);
        }
    }
}
