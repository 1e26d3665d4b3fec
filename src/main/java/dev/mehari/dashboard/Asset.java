package dev.mehari.dashboard;

import dev.mehari.chat.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the page, plain and compressed. Immutable; the arrays are not to be changed.
 *
 * @param etag of the plain bytes, in quotes
 */
record Asset(String contentType, byte[] plain, byte[] gzip, String etag) {
    static Asset of(String name, byte[] plain) {
        return new Asset(
                contentType(name),
                plain,
                compressed(plain),
                '"' + HexFormat.of().formatHex(Sha256.of(plain), 0, 12) + '"');
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no content type for " + name);
        };
    }

    private static byte[] compressed(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
