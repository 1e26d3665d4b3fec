package dev.mehari.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts of an HTTP/1.1 body whose head has gone out, each as one chunk in one buffer (RFC 9112 §7.1). On the
 * connection's loop only.
 *
 * <p>Vert.x and Netty make three buffers of a chunk, its size, its bytes and a line's end, with an entry and a promise for
 * each, and the system gathers them again: a tenth of what a chunk costs (docs/performance.md). So it goes out below their
 * encoder, which still writes the head before and the last chunk behind it.
 */
final class ChunkedBody {
    /** Vert.x's name for its encoder, which there is for HTTP/1 only. */
    private static final String ENCODER = "httpEncoder";

    private static final short CRLF = '\r' << 8 | '\n';
    private static final int MOST_AROUND = Integer.BYTES * 2 + 4;

    private final ChannelHandlerContext encoder;
    private final ChannelPromise promise;

    private ChunkedBody(Channel channel, ChannelHandlerContext encoder) {
        this.encoder = encoder;
        // A write that fails closes the channel, and whoever watches that hears of it.
        this.promise = new VoidChannelPromise(channel, false);
    }

    /** Of a connection; null when it is closed already. */
    static @Nullable ChunkedBody of(Channel channel) {
        ChannelHandlerContext encoder = channel.pipeline().context(ENCODER);
        return encoder == null ? null : new ChunkedBody(channel, encoder);
    }

    /** Sends the first bytes of an array, at least one, at once; the array is the caller's again. */
    void write(byte[] bytes, int length) {
        ByteBuf chunk = encoder.alloc().directBuffer(length + MOST_AROUND);
        writeHex(chunk, length);
        chunk.writeShort(CRLF).writeBytes(bytes, 0, length).writeShort(CRLF);
        encoder.writeAndFlush(chunk, promise);
    }

    private static void writeHex(ByteBuf chunk, int length) {
        for (int shift = (31 - Integer.numberOfLeadingZeros(length)) & ~3; shift >= 0; shift -= 4) {
            chunk.writeByte(Character.forDigit(length >>> shift & 15, 16));
        }
    }
}
