package dev.mehari.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;

/**
 * A part of an answer that a client's API has no place for, as an entry of {@code provider_blocks}: what only its
 * provider knows in that provider's words, all else in OpenAI's. A client that sends it back keeps what it is for.
 *
 * @param provider whose words it is in, by the name of its protocol
 */
public record ProviderBlock(String provider, JsonNode block) {

    public static ProviderBlock of(ContentPart part) {
        return switch (part) {
            case ContentPart.Opaque block -> new ProviderBlock(block.protocol(), block.block());
            case ContentPart.Text text ->
                openAi("text", Json.MAPPER.getNodeFactory().textNode(text.text()));
            case ContentPart.Image image ->
                openAi("image_url", Json.MAPPER.createObjectNode().put("url", address(image.source())));
            case ContentPart.Audio audio ->
                openAi(
                        "input_audio",
                        Json.MAPPER
                                .createObjectNode()
                                .put("data", audio.base64())
                                .put("format", audio.format()));
            case ContentPart.Document document -> openAi("file", file(document));
        };
    }

    private static ProviderBlock openAi(String type, JsonNode value) {
        return new ProviderBlock(
                "openai", Json.MAPPER.createObjectNode().put("type", type).set(type, value));
    }

    private static ObjectNode file(ContentPart.Document document) {
        ObjectNode file = Json.MAPPER.createObjectNode();
        if (document.name() != null) {
            file.put("filename", document.name());
        }
        String field = document.source() instanceof MediaSource.FileId ? "file_id" : "file_data";
        return file.put(field, address(document.source()));
    }

    private static String address(MediaSource source) {
        return switch (source) {
            case MediaSource.Inline inline -> "data:" + inline.mediaType() + ";base64," + inline.base64();
            case MediaSource.Url place -> place.url();
            case MediaSource.FileId file -> file.id();
        };
    }

    /** Appends it as one JSON object. */
    public void write(ByteSink out) {
        fields(out.write('{'));
        out.write('}');
    }

    /** Appends its fields only, for entries that have others too. */
    public void fields(ByteSink out) {
        Json.quote(provider, out.write("\"provider\":")).write(",\"block\":");
        out.write(Json.bytes(block));
    }
}
