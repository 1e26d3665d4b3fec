package dev.mehari.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ByteForm} has written; anything else is {@link CorruptAnswer}. Not thread-safe. */
final class ByteFormReader {
    private final byte[] bytes;
    private int at;

    ByteFormReader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int octet() {
        if (at >= bytes.length) {
            throw new CorruptAnswer("it ends early");
        }
        return bytes[at++] & 0xFF;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new CorruptAnswer("a number without an end");
    }

    int small() {
        long value = number();
        if (value != (int) value) {
            throw new CorruptAnswer("a number beyond all sizes");
        }
        return (int) value;
    }

    boolean flag() {
        return octet() == 1;
    }

    String text() {
        long length = number();
        if (length == -1) {
            byte[] units = bytes();
            StringBuilder text = new StringBuilder(units.length / 2);
            for (int i = 0; i + 1 < units.length; i += 2) {
                text.append((char) ((units[i] & 0xFF) << 8 | units[i + 1] & 0xFF));
            }
            return text.toString();
        }
        int start = skip(length);
        return new String(bytes, start, (int) length, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        long length = number();
        int start = skip(length);
        return Arrays.copyOfRange(bytes, start, at);
    }

    private int skip(long length) {
        if (length < 0 || length > bytes.length - at) {
            throw new CorruptAnswer("a length beyond its end");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    JsonNode json() {
        try {
            return Json.tree(bytes());
        } catch (UncheckedIOException notJson) {
            throw new CorruptAnswer("JSON that is none");
        }
    }

    /** How many things follow, each of which takes a byte at least. */
    int count() {
        long count = number();
        if (count < 0 || count > bytes.length - at) {
            throw new CorruptAnswer("a count beyond its end");
        }
        return (int) count;
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int left = count(); left > 0; left--) {
            texts.add(text());
        }
        return texts;
    }

    @Nullable
    String textIfAny() {
        return flag() ? text() : null;
    }

    @Nullable
    Long numberIfAny() {
        return flag() ? (Long) number() : null;
    }

    @Nullable
    JsonNode jsonIfAny() {
        return flag() ? json() : null;
    }
}
