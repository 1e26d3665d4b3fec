package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * How a request body is compressed. Unpacked by ourselves: where Netty does it, a broken body ends the connection before
 * anyone can answer, and one cut short passes for whole.
 */
enum BodyEncoding {
    NONE,
    GZIP,
    DEFLATE;

    /**
     * @param header values of {@code content-encoding}, none to many
     * @throws HttpFault 415 it is one we do not know, or several
     */
    static BodyEncoding of(List<String> header) {
        String named = String.join(", ", header).strip().toLowerCase(Locale.ROOT);
        return switch (named) {
            case "", "identity" -> NONE;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default ->
                throw new HttpFault(
                        415,
                        "unsupported_content_encoding",
                        "content-encoding \"" + (named.length() > 60 ? named.substring(0, 60) + "…" : named)
                                + "\" is not supported; use gzip, deflate or none");
        };
    }

    /**
     * The body as it was before compression. Takes CPU time for a large one; not for an event loop.
     *
     * @throws GatewayException 413 it grows beyond the limit, 400 it is not compressed like that or ends early
     */
    byte[] unpack(byte[] body, int maxBytes) {
        if (this == NONE || body.length == 0) {
            return body;
        }
        try (InputStream plain = open(new ByteArrayInputStream(body), body)) {
            byte[] unpacked = plain.readNBytes(maxBytes);
            if (unpacked.length == maxBytes && plain.read() >= 0) {
                throw BodyReader.tooLarge(maxBytes);
            }
            return unpacked;
        } catch (IOException broken) {
            throw new InvalidRequest(
                    null,
                    "the request body could not be unpacked: it ends early or is not what its content-encoding says");
        }
    }

    private InputStream open(InputStream in, byte[] body) throws IOException {
        return this == GZIP ? new GZIPInputStream(in) : new InflaterInputStream(in, new Inflater(!hasZlibHeader(body)));
    }

    /** RFC 9110 §8.4.1.2: deflate means the zlib format, and some clients send the bare data all the same. */
    private static boolean hasZlibHeader(byte[] body) {
        return body.length > 1 && (body[0] & 0x0F) == 8 && ((body[0] & 0xFF) * 256 + (body[1] & 0xFF)) % 31 == 0;
    }
}
