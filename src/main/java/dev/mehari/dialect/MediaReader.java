package dev.mehari.dialect;

import dev.mehari.chat.MediaSource;
import java.util.Locale;
import java.util.Map;

/** Reads where an image or a file is: a data URL, an address, or bare base64. */
public final class MediaReader {
    /** How a PDF begins, in base64. */
    private static final String PDF = "JVBERi0";

    /** How pictures begin, in base64. */
    private static final Map<String, String> PICTURES =
            Map.of("iVBORw0KGgo", "image/png", "/9j/", "image/jpeg", "R0lGOD", "image/gif", "UklGR", "image/webp");

    private MediaReader() {}

    /** An {@code image_url.url}: a data URL or an address with a scheme. */
    public static MediaSource at(String url, String path) {
        if (isData(url)) {
            return inline(url, path);
        }
        if (url.indexOf("://") <= 0) {
            throw BadField.invalid(
                    path,
                    "Invalid '" + path + "': expected an https URL or a data URL (data:image/png;base64,…).",
                    "invalid_image_url");
        }
        return new MediaSource.Url(url);
    }

    /** {@code file_data}: a data URL; some clients send the base64 alone. */
    public static MediaSource fileData(String data, String path) {
        if (isData(data)) {
            return inline(data, path);
        }
        return new MediaSource.Inline(data.startsWith(PDF) ? "application/pdf" : "application/octet-stream", data);
    }

    private static boolean isData(String url) {
        return url.regionMatches(true, 0, "data:", 0, 5);
    }

    /** {@code data:<media type>[;parameter…];base64,<data>}, RFC 2397. */
    private static MediaSource inline(String url, String path) {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(5, comma);
        if (!head.toLowerCase(Locale.ROOT).endsWith(";base64") || comma == url.length() - 1) {
            throw BadField.invalid(
                    path,
                    "Invalid '" + path + "': expected a data URL with base64 content (data:<media type>;base64,…).",
                    "invalid_value");
        }
        int end = head.indexOf(';');
        String mediaType = head.substring(0, end).trim().toLowerCase(Locale.ROOT);
        return base64(mediaType.isEmpty() ? "text/plain" : mediaType, url.substring(comma + 1));
    }

    /**
     * Content that came with the request. Of a picture its bytes decide what it is: browsers and tools often call a JPEG a
     * PNG, and Anthropic and Bedrock refuse what is not what it is said to be.
     *
     * @param mediaType as the client declared it
     */
    public static MediaSource base64(String mediaType, String base64) {
        if (mediaType.startsWith("image/")) {
            for (Map.Entry<String, String> picture : PICTURES.entrySet()) {
                if (base64.startsWith(picture.getKey())) {
                    return new MediaSource.Inline(picture.getValue(), base64);
                }
            }
        }
        return new MediaSource.Inline(mediaType, base64);
    }
}
