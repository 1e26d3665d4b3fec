package dev.mehari.media;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What bytes are, by how they begin: servers' words for it are often wrong, and nothing here may depend on a stranger's.
 * Source: WHATWG MIME Sniffing, and the formats' own marks.
 */
final class MediaKind {
    private static final String UNKNOWN = "application/octet-stream";
    private static final int LOOKED_AT = 64 * 1024;

    private record Mark(int at, String bytes, String type) {
        boolean isOn(byte[] data) {
            byte[] mark = bytes.getBytes(StandardCharsets.ISO_8859_1);
            return data.length >= at + mark.length && Arrays.equals(data, at, at + mark.length, mark, 0, mark.length);
        }
    }

    private static final List<Mark> MARKS = List.of(
            new Mark(0, "\u0089PNG\r\n\u001a\n", "image/png"),
            new Mark(0, "\u00ff\u00d8\u00ff", "image/jpeg"),
            new Mark(0, "GIF8", "image/gif"),
            new Mark(8, "WEBP", "image/webp"),
            new Mark(8, "WAVE", "audio/wav"),
            new Mark(4, "ftypheic", "image/heic"),
            new Mark(4, "ftypheix", "image/heic"),
            new Mark(4, "ftypmif1", "image/heif"),
            new Mark(4, "ftypavif", "image/avif"),
            new Mark(4, "ftypM4A", "audio/m4a"),
            new Mark(4, "ftypqt", "video/quicktime"),
            new Mark(4, "ftyp", "video/mp4"),
            new Mark(0, "BM", "image/bmp"),
            new Mark(0, "II*\0", "image/tiff"),
            new Mark(0, "MM\0*", "image/tiff"),
            new Mark(0, "%PDF-", "application/pdf"),
            new Mark(0, "ID3", "audio/mp3"),
            new Mark(0, "\u00ff\u00fb", "audio/mp3"),
            new Mark(0, "\u00ff\u00f3", "audio/mp3"),
            new Mark(0, "OggS", "audio/ogg"),
            new Mark(0, "fLaC", "audio/flac"),
            new Mark(0, "\u001aE\u00df\u00a3", "video/webm"),
            new Mark(0, "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "application/x-ole-storage"));

    private MediaKind() {}

    static String of(byte[] data) {
        for (Mark mark : MARKS) {
            if (mark.isOn(data)) {
                return mark.type();
            }
        }
        if (data.length > 4 && data[0] == 'P' && data[1] == 'K' && data[2] == 3 && data[3] == 4) {
            return zip(data);
        }
        return text(data);
    }

    /** Office files are archives; the folders in them tell which. */
    private static String zip(byte[] data) {
        String names = new String(data, 0, Math.min(data.length, LOOKED_AT), StandardCharsets.ISO_8859_1);
        String office = "application/vnd.openxmlformats-officedocument.";
        if (names.contains("word/")) {
            return office + "wordprocessingml.document";
        }
        return names.contains("xl/") ? office + "spreadsheetml.sheet" : "application/zip";
    }

    private static String text(byte[] data) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException notText) {
            return UNKNOWN;
        }
        boolean controls = text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f');
        if (controls || text.isBlank()) {
            return UNKNOWN;
        }
        String start = text.stripLeading();
        start = start.substring(0, Math.min(start.length(), 200)).toLowerCase(Locale.ROOT);
        if (start.startsWith("<svg") || (start.startsWith("<?xml") && start.contains("<svg"))) {
            return "image/svg+xml";
        }
        return start.startsWith("<!doctype html") || start.startsWith("<html") ? "text/html" : "text/plain";
    }
}
