package dev.mehari.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads HTTP/1 requests as Vert.x's own decoder does, and refuses whatever two readers could understand in two ways. What
 * it refuses is answered with 400 or 431, nothing after it on the connection is read, and the connection is closed.
 *
 * <p>Netty lets a transfer-encoding win over a content-length, which RFC 9112 §6.1 allows; a proxy before us may have
 * decided otherwise, and then the rest of the body is the next client's request to one of us. One instance a connection.
 *
 * <p>No upgrade is followed, not even to HTTP/2 ({@code h2c}), which Java's own client asks for by default: of an answer
 * that comes right behind it, that client (JDK 17 to 25) loses what it reads while it hands its connection over from one
 * version to the other, one large answer in twenty, though all of it was on the wire. RFC 9113 §3.1 has given the upgrade
 * up. HTTP/2 is spoken at once, or as TLS agrees on it.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    private static final String CHUNKED = "chunked";

    private final int maxHeaders;
    private final Predicate<Throwable> brokenBody;
    private int headers;

    /** @param brokenBody takes why a body could not be cut; false when nobody is there to answer the request */
    StrictRequestDecoder(HttpLimits limits, Predicate<Throwable> brokenBody) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.headerBytes()));
        this.maxHeaders = limits.headers();
        this.brokenBody = brokenBody;
    }

    /** A request that can be understood in two ways. The message is fit for the client. */
    static final class Ambiguous extends IllegalArgumentException {
        private final int status;

        Ambiguous(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Vert.x would close the connection over a broken chunk before anyone has answered. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) throws Exception {
        super.decode(ctx, bytes, out);
        if (!out.isEmpty()
                && out.getLast() instanceof LastHttpContent last
                && last.decoderResult().isFailure()
                && brokenBody.test(last.decoderResult().cause())) {
            out.removeLast();
        }
    }

    @Override
    protected HttpMessage createMessage(String[] line) {
        headers = 0;
        return new DefaultHttpRequest(
                version(line[2]), HttpMethod.valueOf(line[0]), line[1], HeadersMultiMap.httpHeaders());
    }

    /** To the letter: RFC 9112 §2.3 has it in capitals. */
    private static HttpVersion version(String named) {
        return switch (named) {
            case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
            case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
            default ->
                throw new Ambiguous(
                        named.startsWith("HTTP/") ? 505 : 400,
                        "The request line must end with HTTP/1.1 or HTTP/1.0, or be that of HTTP/2.");
        };
    }

    /** Called for each line of headers and of trailers, as it comes. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (++headers > maxHeaders) {
            throw new TooLongHttpHeaderException("more than " + maxHeaders + " headers");
        }
        if (length == 0) {
            throw new Ambiguous(400, "There is a header without a name.");
        }
        return super.splitHeaderName(line, start, length);
    }

    /** Called once all headers are there and before they decide how long the body is. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage request) {
        HttpHeaders all = request.headers();
        boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        checkHost(all, old);
        if (all.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            checkTransferEncoding(all, old);
        }
        // RFC 9110 §7.8: a server may pass over it. Vert.x would answer one that it cannot follow with an empty 400.
        all.remove(HttpHeaderNames.UPGRADE);
        return false;
    }

    private static void checkHost(HttpHeaders all, boolean old) {
        String host = all.get(HttpHeaderNames.HOST);
        if (host == null && !old) {
            throw new Ambiguous(400, "The host header is missing.");
        }
        if (host != null && all.getAll(HttpHeaderNames.HOST).size() > 1) {
            throw new Ambiguous(400, "There is more than one host header.");
        }
    }

    private static void checkTransferEncoding(HttpHeaders all, boolean old) {
        List<String> codings = all.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (old) {
            throw new Ambiguous(400, "HTTP/1.0 has no transfer-encoding.");
        }
        if (all.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new Ambiguous(400, "There is both a content-length and a transfer-encoding; send one of them.");
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase(CHUNKED)) {
            throw new Ambiguous(501, "The only transfer-encoding understood here is \"chunked\".");
        }
    }
}
