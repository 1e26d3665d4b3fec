package dev.mehari.chat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes to write an answer into. Not thread-safe. */
public final class ByteSink {
    private static final int KEPT_CAPACITY = 64 * 1024;

    private byte[] bytes;
    private int length;

    public ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    public ByteSink write(byte[] source) {
        return write(source, 0, source.length);
    }

    public ByteSink write(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    public ByteSink write(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends text as UTF-8, as it is: JSON strings come escaped already. */
    public ByteSink write(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The inner array, of which the first {@link #length()} bytes count: lent until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Forgets the bytes so far. A large array is given back. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[256];
        }
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The bytes so far, as an array of their own. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** The bytes so far, and this sink empty again. Hands over the inner array when it is full, else a copy. */
    public byte[] take() {
        byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        bytes = taken == bytes ? new byte[Math.max(64, length)] : bytes;
        length = 0;
        return taken;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), bytes.length * 2));
        }
    }
}
