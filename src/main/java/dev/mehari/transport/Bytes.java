package dev.mehari.transport;

import dev.mehari.chat.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A body gathered from its parts, up to a limit; and arrays as Vert.x takes them, uncopied. */
final class Bytes {
    private static final int FIRST_GUESS = 2048;

    private final int most;
    private ByteSink sink;

    private Bytes(int most, int capacity) {
        this.most = most;
        this.sink = new ByteSink(capacity);
    }

    /**
     * For a body whose length may have been told.
     *
     * @param length as the other side has told; 0 when it has not
     */
    static Bytes expecting(int length, int most) {
        return new Bytes(most, length == 0 ? FIRST_GUESS : Math.min(length, most));
    }

    /** A content-length header as a number; 0 when there is none, or none that fits. */
    static int length(@Nullable String contentLength) {
        return contentLength == null || contentLength.length() > 9 ? 0 : Integer.parseInt(contentLength);
    }

    /** Takes the next part; false, and nothing is taken, when that would be too much. */
    boolean add(Buffer part) {
        if (part.length() > most - sink.length()) {
            return false;
        }
        ByteBuf bytes = part.getByteBuf();
        if (bytes.hasArray()) {
            sink.write(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes());
        } else {
            sink.write(part.getBytes());
        }
        return true;
    }

    int length() {
        return sink.length();
    }

    /** The body, once: it is not kept here. */
    byte[] all() {
        byte[] array = sink.array();
        byte[] whole = array.length == sink.length() ? array : Arrays.copyOf(array, sink.length());
        sink = new ByteSink(0);
        return whole;
    }

    /** The array itself as a buffer: it must not be changed afterwards. */
    static Buffer wrap(byte[] bytes) {
        return Buffer.buffer(Unpooled.wrappedBuffer(bytes));
    }
}
