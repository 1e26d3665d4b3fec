package dev.mehari.provider.bedrock;

import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.MediaSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes pictures, documents and sound as Converse's blocks: a format by its own word, and the content as base64 or where
 * it lies in S3. One instance a request: no two documents of one may have the same name.
 */
final class BedrockMedia {
    private static final Map<String, String> IMAGES = Map.of(
            "image/png", "png", "image/jpeg", "jpeg", "image/jpg", "jpeg", "image/gif", "gif", "image/webp", "webp");

    private static final Map<String, String> DOCUMENTS = Map.ofEntries(
            Map.entry("application/pdf", "pdf"),
            Map.entry("text/csv", "csv"),
            Map.entry("application/msword", "doc"),
            Map.entry("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
            Map.entry("application/vnd.ms-excel", "xls"),
            Map.entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Map.entry("text/html", "html"),
            Map.entry("text/plain", "txt"),
            Map.entry("text/markdown", "md"));

    private static final List<String> DOCUMENT_WORDS =
            List.of("pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md");

    private static final Set<String> SOUNDS = Set.of(
            "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm",
            "webm");

    private static final int LONGEST_NAME = 200;

    private final String provider;
    private final Set<String> names = new HashSet<>();

    /** @param provider its name, for messages */
    BedrockMedia(String provider) {
        this.provider = provider;
    }

    /** @param path of the part in the request, for messages */
    BedrockBlock image(ContentPart.Image image, String path) {
        MediaSource source = image.source();
        String format =
                switch (source) {
                    case MediaSource.Inline inline -> imageFormat(inline);
                    case MediaSource.Url url -> IMAGES.get("image/" + extension(url.url()));
                    case MediaSource.FileId file -> throw fileId(path);
                };
        if (format == null) {
            throw refused(path, "images of type " + shown(source) + "; send png, jpeg, gif or webp");
        }
        return block("image", format, null, Extras.NONE, source, path);
    }

    /**
     * Converse has {@code context} and {@code citations} under Anthropic's names for them (AWS API reference,
     * DocumentBlock, read 2026-11-21).
     */
    BedrockBlock document(ContentPart.Document document, String path) {
        MediaSource source = document.source();
        String fileName = document.name() == null ? "" : document.name();
        String format =
                switch (source) {
                    case MediaSource.Inline inline -> documentFormat(inline, fileName);
                    case MediaSource.Url url -> documentFormat(extension(url.url()));
                    case MediaSource.FileId file -> throw fileId(path);
                };
        if (format == null) {
            throw refused(
                    path, "documents of type " + shown(source) + "; send one of " + String.join(", ", DOCUMENT_WORDS));
        }
        return block("document", format, unique(name(fileName)), document.extras(), source, path);
    }

    BedrockBlock audio(ContentPart.Audio audio, String path) {
        String format = audio.format().toLowerCase(Locale.ROOT);
        if (!SOUNDS.contains(format)) {
            throw refused(path, "sound of format " + shown(format) + "; send mp3 or wav");
        }
        return block("audio", format, null, Extras.NONE, new MediaSource.Inline("", audio.base64()), path);
    }

    private BedrockBlock block(
            String kind, String format, @Nullable String name, Extras extras, MediaSource source, String path) {
        if (source instanceof MediaSource.Url url && !url.url().startsWith("s3://")) {
            throw refused(
                    path, "content at an address that was not fetched; send the data itself, or an s3:// address");
        }
        return out -> {
            out.object().name(kind).object().field("format", format);
            if (name != null) {
                out.field("name", name);
            }
            source(source, out.name("source").object());
            out.endObject();
            extras.fields().forEach((extra, value) -> out.name(extra).tree(value));
            out.endObject().endObject();
        };
    }

    private static void source(MediaSource source, JsonWriter out) {
        switch (source) {
            case MediaSource.Inline inline -> out.field("bytes", inline.base64());
            case MediaSource.Url url ->
                out.name("s3Location").object().field("uri", url.url()).endObject();
            case MediaSource.FileId file -> throw new IllegalStateException("refused before");
        }
    }

    /** By its first bytes: what clients declare is often wrong, and Bedrock looks. */
    private static @Nullable String imageFormat(MediaSource.Inline image) {
        byte[] head = head(image.base64());
        if (begins(head, 0, 0x89, 'P', 'N', 'G')) {
            return "png";
        }
        if (begins(head, 0, 0xFF, 0xD8, 0xFF)) {
            return "jpeg";
        }
        if (begins(head, 0, 'G', 'I', 'F', '8')) {
            return "gif";
        }
        if (begins(head, 0, 'R', 'I', 'F', 'F') && begins(head, 8, 'W', 'E', 'B', 'P')) {
            return "webp";
        }
        return IMAGES.get(image.mediaType());
    }

    private static @Nullable String documentFormat(MediaSource.Inline document, String fileName) {
        if (begins(head(document.base64()), 0, '%', 'P', 'D', 'F')) {
            return "pdf";
        }
        String type = document.mediaType();
        String known = DOCUMENTS.get(type);
        if (known != null) {
            // A table or a page that was declared as mere text is told by its name.
            String byName = known.equals("txt") ? documentFormat(extension(fileName)) : null;
            return byName == null ? known : byName;
        }
        String byName = documentFormat(extension(fileName));
        return byName == null && (type.startsWith("text/") || type.equals("application/json")) ? "txt" : byName;
    }

    private static @Nullable String documentFormat(String extension) {
        return switch (extension) {
            case "htm" -> "html";
            case "markdown" -> "md";
            case "text", "json", "log", "xml", "yaml", "yml" -> "txt";
            default -> DOCUMENT_WORDS.contains(extension) ? extension : null;
        };
    }

    private static String extension(String name) {
        int query = name.indexOf('?');
        String path = query < 0 ? name : name.substring(0, query);
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Letters, digits, single blanks and {@code -()[]}: all that Converse takes. Its models read it, so no extension. */
    private static String name(String fileName) {
        int dot = fileName.lastIndexOf('.');
        String base = dot > 0 ? fileName.substring(0, dot) : fileName;
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < base.length() && name.length() < LONGEST_NAME - 10; i++) {
            char c = base.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (fits || "-()[]".indexOf(c) >= 0) {
                name.append(c);
            } else if (!name.isEmpty() && name.charAt(name.length() - 1) != ' ') {
                name.append(' ');
            }
        }
        String clean = name.toString().strip();
        return clean.isEmpty() ? "document" : clean;
    }

    private String unique(String name) {
        String free = name;
        for (int i = 2; !names.add(free); i++) {
            free = name + " " + i;
        }
        return free;
    }

    private static byte[] head(String base64) {
        int whole = Math.min(16, base64.length() / 4 * 4);
        try {
            return Base64.getDecoder().decode(base64.substring(0, whole));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static boolean begins(byte[] head, int at, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (at + i >= head.length || (head[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static String shown(MediaSource source) {
        return switch (source) {
            case MediaSource.Inline inline -> shown(inline.mediaType());
            case MediaSource.Url url -> shown(extension(url.url()));
            case MediaSource.FileId file -> "file";
        };
    }

    private static String shown(String type) {
        return '"' + (type.length() > 60 ? type.substring(0, 60) + "…" : type) + '"';
    }

    private InvalidRequest fileId(String path) {
        return refused(path, "files that were uploaded elsewhere; send the data itself");
    }

    private InvalidRequest refused(String path, String what) {
        return new InvalidRequest("unsupported_content", path, "provider \"" + provider + "\" does not take " + what);
    }
}
