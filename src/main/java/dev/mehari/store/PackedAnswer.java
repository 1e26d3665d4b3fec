package dev.mehari.store;

import dev.mehari.cache.CorruptAnswer;
import dev.mehari.cache.StoredAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/*
 * A value in Redis: one byte with the version of the form, one that says whether it is compressed, the length and the
 * CRC-32C of the answer's bytes, four bytes each, and those bytes, compressed (zlib) where they are more than 1 KB.
 */
/** An answer as a value in Redis, and back. Stateless and thread-safe. */
final class PackedAnswer {
    private static final int PLAIN_UP_TO = 1024;
    private static final int HEAD = 10;
    private static final byte PLAIN = 0;
    private static final byte COMPRESSED = 1;

    private PackedAnswer() {}

    static byte[] pack(StoredAnswer answer) {
        byte[] bytes = answer.bytes();
        boolean large = bytes.length > PLAIN_UP_TO;
        byte[] body = large ? deflated(bytes) : bytes;
        return ByteBuffer.allocate(HEAD + body.length)
                .put((byte) StoredAnswer.VERSION)
                .put(large ? COMPRESSED : PLAIN)
                .putInt(bytes.length)
                .putInt(checksum(bytes))
                .put(body)
                .array();
    }

    private static byte[] deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        }
    }

    /**
     * The answer that a value holds; null when it holds none.
     *
     * @param largest what a value may be, unpacked: one that says it is larger is not believed
     */
    static @Nullable StoredAnswer unpack(byte[] value, long largest) {
        if (value.length < HEAD || value[0] != StoredAnswer.VERSION) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
        byte kind = in.get();
        int length = in.getInt();
        int checksum = in.getInt();
        if (length < 0 || length > largest) {
            return null;
        }
        byte[] body = new byte[in.remaining()];
        in.get(body);
        byte[] bytes = kind == COMPRESSED ? inflated(body, length) : kind == PLAIN ? body : null;
        if (bytes == null || bytes.length != length || checksum(bytes) != checksum) {
            return null;
        }
        try {
            return StoredAnswer.of(bytes);
        } catch (CorruptAnswer otherForm) {
            return null;
        }
    }

    private static byte @Nullable [] inflated(byte[] body, int length) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(body);
            byte[] bytes = new byte[length];
            int read = inflater.inflate(bytes);
            return read == length && (length == 0 || inflater.finished() || inflater.inflate(new byte[1]) == 0)
                    ? bytes
                    : null;
        } catch (DataFormatException damaged) {
            return null;
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }
}
