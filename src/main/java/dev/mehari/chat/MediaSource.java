package dev.mehari.chat;

/** Where an image or a document is. */
public sealed interface MediaSource {
    /**
     * It came with the request.
     *
     * @param mediaType for example {@code image/png}; except for pictures as the client declared it, and the bytes may disagree
     * @param base64 the content, not decoded
     */
    record Inline(String mediaType, String base64) implements MediaSource {}

    /** At an address: {@code https://}, or a provider's own such as {@code gs://} or {@code s3://}. */
    record Url(String url) implements MediaSource {}

    /** Uploaded before, at one provider. */
    record FileId(String id) implements MediaSource {}
}
