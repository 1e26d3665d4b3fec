package dev.mehari.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The upgrade from HTTP/1.1 to HTTP/2 without TLS, which some clients still ask for first. Source: RFC 7540 §3.2. */
final class H2cUpgrade {
    private static final String SETTINGS = "http2-settings";

    private H2cUpgrade() {}

    /** Whether a request asks for it with all that belongs to it, so that it can be followed. */
    static boolean isWhole(HttpHeaders request) {
        return "h2c".equalsIgnoreCase(request.get(HttpHeaderNames.UPGRADE))
                && namesBoth(request.get(HttpHeaderNames.CONNECTION))
                && areSettings(request.getAll(SETTINGS));
    }

    private static boolean namesBoth(@Nullable String connection) {
        if (connection == null) {
            return false;
        }
        List<String> named = Arrays.stream(connection.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .toList();
        return named.contains("upgrade") && named.contains(SETTINGS);
    }

    /** Numbers of two bytes with values of four, in base64url. */
    private static boolean areSettings(List<String> sent) {
        if (sent.size() != 1) {
            return false;
        }
        try {
            ByteBuf bytes = Unpooled.wrappedBuffer(Base64.getUrlDecoder().decode(sent.getFirst()));
            Http2Settings settings = new Http2Settings();
            while (bytes.readableBytes() >= 6) {
                settings.put((char) bytes.readUnsignedShort(), (Long) bytes.readUnsignedInt());
            }
            return !bytes.isReadable();
        } catch (IllegalArgumentException noSettings) {
            return false;
        }
    }
}
