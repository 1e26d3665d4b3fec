package dev.mehari.provider.gemini;

import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.MediaSource;
import dev.mehari.provider.Provider;
import org.jspecify.annotations.Nullable;

/** Writes images, files and sound as {@code inlineData} or {@code fileData}. One instance a request. */
final class GeminiMedia {
    /** What Google calls a file in full, wherever it is asked. */
    private static final String FILES = "https://generativelanguage.googleapis.com/v1beta/";

    private final JsonWriter json;
    private final GeminiPlatform platform;
    private final Provider provider;

    GeminiMedia(JsonWriter json, GeminiPlatform platform, Provider provider) {
        this.json = json;
        this.platform = platform;
        this.provider = provider;
    }

    /**
     * Writes the field of a part that holds it.
     *
     * @param path of the part in the client's request
     * @throws InvalidRequest the provider does not take it
     */
    void image(ContentPart.Image image, String path) {
        switch (image.source()) {
            case MediaSource.Inline inline ->
                inline(
                        known(
                                MediaTypes.image(inline.mediaType()),
                                path,
                                inline.mediaType() + " is no image that",
                                "send PNG, JPEG, WebP, HEIC or HEIF"),
                        inline.base64(),
                        null);
            case MediaSource.Url address -> file(address.url(), path);
            case MediaSource.FileId file -> file(uploaded(file.id(), path), path);
        }
    }

    void document(ContentPart.Document document, String path) {
        switch (document.source()) {
            case MediaSource.Inline inline ->
                inline(
                        known(
                                MediaTypes.document(inline.mediaType(), document.name()),
                                path,
                                inline.mediaType() + " is no file that",
                                "send PDF, text, sound or video"),
                        inline.base64(),
                        document.name());
            case MediaSource.Url address -> file(address.url(), path);
            case MediaSource.FileId file -> file(uploaded(file.id(), path), path);
        }
    }

    void sound(ContentPart.Audio sound, String path) {
        inline(
                known(
                        MediaTypes.sound(sound.format()),
                        path,
                        sound.format() + " is no sound that",
                        "send wav, mp3, aiff, aac, ogg, flac, m4a or opus"),
                sound.base64(),
                null);
    }

    private void inline(String type, String base64, @Nullable String name) {
        json.name("inlineData").object().field("mimeType", type);
        if (name != null && platform == GeminiPlatform.VERTEX) {
            json.field("displayName", name);
        }
        json.field("data", base64).endObject();
    }

    private void file(String address, String path) {
        if (!platform.reads(address)) {
            throw refused(
                    path,
                    "an address is nothing that",
                    "send the content as a data: URL, or let mehari.media fetch it");
        }
        String type = MediaTypes.ofName(GeminiPlatform.path(address));
        json.name("fileData").object();
        if (type != null) {
            json.field("mimeType", type);
        } else if (platform == GeminiPlatform.VERTEX) {
            boolean video = address.startsWith("https://www.youtube.com/") || address.startsWith("https://youtu.be/");
            json.field(
                    "mimeType",
                    known(
                            video ? "video/mp4" : null,
                            path,
                            "an address without a file type is nothing that",
                            "add one"));
        }
        json.field("fileUri", address).endObject();
    }

    /** The address of a file that was uploaded before. */
    private String uploaded(String id, String path) {
        boolean address = id.startsWith("https://") || id.startsWith("gs://");
        if (address && platform.reads(id)) {
            return id;
        }
        if (platform == GeminiPlatform.AI_STUDIO && id.startsWith("files/")) {
            return FILES + id;
        }
        throw refused(
                path,
                "file_id \"" + id + "\" is nothing that",
                platform == GeminiPlatform.VERTEX
                        ? "name a gs:// address with a file type"
                        : "name a file of the Files API (files/…)");
    }

    private String known(@Nullable String type, String path, String what, String instead) {
        if (type == null) {
            throw refused(path, what, instead);
        }
        return type;
    }

    private InvalidRequest refused(String path, String what, String instead) {
        return new InvalidRequest(
                "unsupported_value",
                path,
                path + ": " + what + " provider \"" + provider.name() + "\" takes; " + instead);
    }
}
