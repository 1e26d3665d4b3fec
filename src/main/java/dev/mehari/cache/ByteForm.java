package dev.mehari.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes values one after the other, compactly; {@link ByteFormReader} reads them back. Not thread-safe. */
final class ByteForm {
    private final ByteSink out;

    ByteForm(ByteSink out) {
        this.out = out;
    }

    ByteForm octet(int value) {
        out.write((char) (value & 0xFF));
        return this;
    }

    /** Any number, small ones in one byte. */
    ByteForm number(long value) {
        long left = value << 1 ^ value >> 63;
        while ((left & ~0x7FL) != 0) {
            octet((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        return octet((int) left);
    }

    ByteForm flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    ByteForm text(String value) {
        return Canonical.hasHalfOfAPair(value)
                ? number(-1).bytes(units(value))
                : bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] units(String value) {
        byte[] units = new byte[value.length() * 2];
        for (int i = 0; i < value.length(); i++) {
            units[2 * i] = (byte) (value.charAt(i) >>> 8);
            units[2 * i + 1] = (byte) value.charAt(i);
        }
        return units;
    }

    ByteForm bytes(byte[] value) {
        number(value.length);
        out.write(value);
        return this;
    }

    ByteForm json(JsonNode value) {
        return bytes(Json.bytes(value));
    }

    ByteForm texts(List<String> values) {
        number(values.size());
        values.forEach(this::text);
        return this;
    }

    ByteForm textIfAny(@Nullable String value) {
        return value == null ? flag(false) : flag(true).text(value);
    }

    ByteForm numberIfAny(@Nullable Long value) {
        return value == null ? flag(false) : flag(true).number(value);
    }

    ByteForm jsonIfAny(@Nullable JsonNode value) {
        return value == null ? flag(false) : flag(true).json(value);
    }
}
