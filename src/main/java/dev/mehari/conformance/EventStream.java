package dev.mehari.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The records of an event stream, read as the WHATWG rules say: lines end with LF, CRLF or CR, comments are passed over.
 * Other than those rules a record at the end without its blank line counts, as SDKs have it.
 *
 * @param fields the names of all fields that were used
 * @param badText the line that is not UTF-8, as far as it can be shown; null: all are
 */
record EventStream(
        List<Event> events, Set<String> fields, @Nullable String badText) {
    /**
     * One record.
     *
     * @param nanos when its last byte came
     * @param name empty: it has none
     */
    record Event(long nanos, String name, String data) {}

    static EventStream of(Answer answer) {
        return new Reading(answer).read();
    }

    /** One pass over the bytes. */
    private static final class Reading {
        private final Answer answer;
        private final byte[] bytes;
        private final List<Event> events = new ArrayList<>();
        private final Set<String> fields = new TreeSet<>();
        private @Nullable String badText;
        private String name = "";
        private @Nullable StringBuilder data;

        Reading(Answer answer) {
            this.answer = answer;
            this.bytes = answer.body();
        }

        EventStream read() {
            int start = startsWithMark() ? 3 : 0;
            while (start < bytes.length) {
                int end = start;
                while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
                    end++;
                }
                line(text(start, end), end);
                boolean both = end + 1 < bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n';
                start = end + (both ? 2 : 1);
            }
            dispatch(bytes.length - 1);
            return new EventStream(events, fields, badText);
        }

        private boolean startsWithMark() {
            return bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        }

        private String text(int start, int end) {
            ByteBuffer line = ByteBuffer.wrap(bytes, start, end - start);
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(line.slice()).toString();
            } catch (CharacterCodingException broken) {
                String shown = new String(bytes, start, end - start, StandardCharsets.UTF_8);
                badText = badText == null ? shown : badText;
                return shown;
            }
        }

        private void line(String line, int end) {
            if (line.isEmpty()) {
                dispatch(end);
                return;
            }
            int colon = line.indexOf(':');
            if (colon == 0) {
                return;
            }
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            fields.add(field);
            if (field.equals("event")) {
                name = value;
            } else if (field.equals("data")) {
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
            }
        }

        private void dispatch(int end) {
            if (data != null || !name.isEmpty()) {
                events.add(new Event(arrival(end), name, data == null ? "" : data.toString()));
            }
            name = "";
            data = null;
        }

        /** When the byte at that place came. */
        private long arrival(int place) {
            int passed = 0;
            for (Answer.Piece piece : answer.pieces()) {
                passed += piece.bytes().length;
                if (place < passed) {
                    return piece.nanos();
                }
            }
            return answer.pieces().isEmpty()
                    ? answer.sentNanos()
                    : answer.pieces().getLast().nanos();
        }
    }
}
