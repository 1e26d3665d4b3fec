package dev.mehari.provider.gemini;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The media that Gemini takes, by type. Source: Gemini API, image, audio, video and document understanding. */
final class MediaTypes {
    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif");

    /** What some clients write for what Google knows by another name. */
    private static final Map<String, String> ALIASES = Map.of(
            "image/jpg", "image/jpeg",
            "audio/mpeg", "audio/mp3",
            "audio/x-wav", "audio/wav",
            "audio/wave", "audio/wav",
            "application/x-pdf", "application/pdf",
            // Text in all but name: only the words count.
            "application/json", "text/plain",
            "application/xml", "text/xml",
            "application/x-ndjson", "text/plain",
            "application/yaml", "text/plain");

    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("heic", "image/heic"),
            Map.entry("heif", "image/heif"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("txt", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("html", "text/html"),
            Map.entry("csv", "text/csv"),
            Map.entry("json", "text/plain"),
            Map.entry("xml", "text/xml"),
            Map.entry("mp3", "audio/mp3"),
            Map.entry("wav", "audio/wav"),
            Map.entry("flac", "audio/flac"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("m4a", "audio/m4a"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("mov", "video/mov"),
            Map.entry("webm", "video/webm"));

    private static final Set<String> SOUND_FORMATS = Set.of("wav", "mp3", "aiff", "aac", "ogg", "flac", "m4a", "opus");

    private MediaTypes() {}

    /** Google's name of that type; null when it takes no image of the kind. */
    static @Nullable String image(String declared) {
        String type = ALIASES.getOrDefault(declared, declared);
        return IMAGES.contains(type) ? type : null;
    }

    /**
     * Google's name of a file's type; null when it takes none of the kind.
     *
     * @param declared may be the type of just any bytes, and then the name tells
     */
    static @Nullable String document(String declared, @Nullable String fileName) {
        String named = declared.equals("application/octet-stream") && fileName != null ? ofName(fileName) : null;
        String type = named == null ? ALIASES.getOrDefault(declared, declared) : named;
        boolean taken = type.equals("application/pdf")
                || type.startsWith("text/")
                || type.startsWith("audio/")
                || type.startsWith("video/")
                || IMAGES.contains(type);
        return taken ? type : null;
    }

    /** The type of OpenAI's {@code input_audio.format}; null when it is none that Google takes. */
    static @Nullable String sound(String format) {
        String name = format.toLowerCase(Locale.ROOT);
        return SOUND_FORMATS.contains(name) ? "audio/" + name : null;
    }

    /** What the extension of a file's name or address says; null when it says nothing. */
    static @Nullable String ofName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? null : BY_EXTENSION.get(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
