package dev.mehari.provider.anthropic;

import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.MediaSource;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the {@code source} of images and documents. What a file is, its first bytes say; the declared type is asked
 * only when they say nothing, because clients declare what they like and Anthropic refuses what does not match.
 */
final class AnthropicMedia {
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final String PDF = "application/pdf";

    /** Text under other names than {@code text/*}. */
    private static final Set<String> TEXTS = Set.of(
            "application/json",
            "application/xml",
            "application/yaml",
            "application/x-yaml",
            "application/javascript",
            "application/x-ndjson");

    /** Base64 of the twelve bytes by which the formats can be told apart. */
    private static final int HEAD = 16;

    private final JsonWriter out;
    private final String provider;

    AnthropicMedia(JsonWriter out, String provider) {
        this.out = out;
        this.provider = provider;
    }

    /** @throws InvalidRequest it is no image that Claude reads */
    void image(ContentPart.Image image, String path) {
        out.name("source").object();
        switch (image.source()) {
            case MediaSource.Inline data -> {
                String type = imageType(data);
                if (type == null) {
                    throw unsupported(path, data.mediaType(), "images are JPEG, PNG, GIF or WebP");
                }
                base64(type, data.base64());
            }
            case MediaSource.Url address -> url(address, path);
            case MediaSource.FileId file -> file(file);
        }
        out.endObject();
    }

    /** @throws InvalidRequest it is no document that Claude reads */
    void document(ContentPart.Document document, String path) {
        out.name("source").object();
        switch (document.source()) {
            case MediaSource.Inline data -> {
                if (data.base64().startsWith("JVBERi") || data.mediaType().equals(PDF)) {
                    base64(PDF, data.base64());
                } else {
                    out.field("type", "text").field("media_type", "text/plain").field("data", text(data, path));
                }
            }
            case MediaSource.Url address -> url(address, path);
            case MediaSource.FileId file -> file(file);
        }
        out.endObject();
    }

    private void base64(String type, String base64) {
        out.field("type", "base64").field("media_type", type).field("data", base64);
    }

    private void url(MediaSource.Url address, String path) {
        if (!address.url().regionMatches(true, 0, "http", 0, 4)) {
            throw new InvalidRequest(
                    "unsupported_value",
                    path,
                    path + " must be an https address or a data: URL for provider \"" + provider + "\"");
        }
        out.field("type", "url").field("url", address.url());
    }

    private void file(MediaSource.FileId file) {
        out.field("type", "file").field("file_id", file.id());
    }

    private static @Nullable String imageType(MediaSource.Inline data) {
        byte[] head = head(data.base64());
        if (begins(head, 0, "\u0089PNG")) {
            return "image/png";
        }
        if (begins(head, 0, "\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (begins(head, 0, "GIF8")) {
            return "image/gif";
        }
        if (begins(head, 0, "RIFF") && begins(head, 8, "WEBP")) {
            return "image/webp";
        }
        String declared = data.mediaType().equals("image/jpg") ? "image/jpeg" : data.mediaType();
        return IMAGES.contains(declared) ? declared : null;
    }

    private static byte[] head(String base64) {
        try {
            return Base64.getDecoder().decode(base64.substring(0, Math.min(HEAD, base64.length() / 4 * 4)));
        } catch (IllegalArgumentException notBase64) {
            // Anthropic will say so with more of a reason than we have.
            return new byte[0];
        }
    }

    private static boolean begins(byte[] head, int offset, String bytes) {
        if (head.length < offset + bytes.length()) {
            return false;
        }
        for (int i = 0; i < bytes.length(); i++) {
            if ((head[offset + i] & 0xFF) != bytes.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(MediaSource.Inline data, String path) {
        String type = data.mediaType();
        if (!type.startsWith("text/") && !TEXTS.contains(type)) {
            throw unsupported(path, type, "documents are PDF or text");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getMimeDecoder().decode(data.base64())))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new InvalidRequest("invalid_value", path, path + " is not UTF-8 text in base64");
        }
    }

    private InvalidRequest unsupported(String path, String type, String known) {
        return new InvalidRequest(
                "unsupported_value",
                path,
                path + " has the media type " + type + ", which provider \"" + provider + "\" does not take: " + known);
    }
}
