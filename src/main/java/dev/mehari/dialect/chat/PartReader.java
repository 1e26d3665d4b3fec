package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.CacheMark;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.MediaSource;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import dev.mehari.dialect.MediaReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code content}: a string, or a list of parts. One instance a request. */
final class PartReader {
    private static final List<String> INPUT_TYPES = List.of("text", "image_url", "input_audio", "file");
    private static final List<String> ASSISTANT_TYPES = List.of("text", "refusal", "image_url", "input_audio", "file");

    private static final Set<String> PART_FIELDS = Set.of(
            "type",
            "text",
            "image_url",
            "detail",
            "input_audio",
            "file",
            "refusal",
            "prompt_cache_breakpoint",
            "cache_control");
    private static final String PATH = "messages[].content[].";

    private final Leftovers leftovers;

    PartReader(Leftovers leftovers) {
        this.leftovers = leftovers;
    }

    /** Content of a system, developer or user message: required, possibly empty. */
    List<ContentPart> content(Fields message) {
        message.need("content");
        return resultContent(message);
    }

    /** Content of a tool message: a tool may have nothing to say. */
    List<ContentPart> resultContent(Fields message) {
        List<ContentPart> parts = new ArrayList<>();
        for (AssistantPart part : parts(message, false)) {
            if (part instanceof ContentPart content) {
                parts.add(content);
            }
        }
        return parts;
    }

    List<AssistantPart> assistantContent(Fields message) {
        return parts(message, true);
    }

    private List<AssistantPart> parts(Fields message, boolean assistant) {
        JsonNode content = message.get("content");
        if (content == null) {
            return List.of();
        }
        CacheMark cache = cache(message);
        if (content.isTextual()) {
            String text = content.textValue();
            return text.isEmpty() ? List.of() : List.of(new ContentPart.Text(text, List.of(), cache));
        }
        if (!content.isArray()) {
            throw BadField.wrongType(message.path("content"), "a string or an array of objects", content);
        }
        List<AssistantPart> parts = new ArrayList<>();
        List<Fields> all = Fields.objects(content, message.path("content"));
        for (Fields part : all) {
            // A mark on the message stands for its last part.
            CacheMark own = cache(part);
            AssistantPart read = part(part, assistant, own == null && part == all.getLast() ? cache : own);
            if (read != null) {
                parts.add(read);
            }
        }
        return parts;
    }

    /** Null for an empty text. */
    private @Nullable AssistantPart part(Fields part, boolean assistant, @Nullable CacheMark cache) {
        String type = part.needString("type");
        leftovers.noteFilled(part, PATH, PART_FIELDS);
        return switch (type) {
            // The Responses API's names for text come along when clients replay its items here.
            case "text", "input_text", "output_text" -> {
                String text = part.needString("text");
                yield text.isEmpty() ? null : new ContentPart.Text(text, List.of(), cache);
            }
            case "image_url" -> image(part, cache);
            case "input_audio" -> {
                Fields audio = part.needObject("input_audio");
                leftovers.note(audio, PATH + "input_audio.", Set.of("data", "format"));
                yield new ContentPart.Audio(audio.needName("data"), audio.needName("format"), cache);
            }
            case "file" -> file(part.needObject("file"), cache);
            case "refusal" -> {
                if (!assistant) {
                    throw BadField.unknownValue(part.path("type"), type, INPUT_TYPES);
                }
                yield new AssistantPart.Refusal(part.needString("refusal"));
            }
            default -> throw BadField.unknownValue(part.path("type"), type, assistant ? ASSISTANT_TYPES : INPUT_TYPES);
        };
    }

    private ContentPart.Image image(Fields part, @Nullable CacheMark cache) {
        // A bare string is the Responses API's shape; clients mix the two up.
        if (part.need("image_url").isTextual()) {
            String url = part.needString("image_url");
            return new ContentPart.Image(MediaReader.at(url, part.path("image_url")), part.string("detail"), cache);
        }
        Fields image = part.needObject("image_url");
        leftovers.note(image, PATH + "image_url.", Set.of("url", "detail"));
        MediaSource source = MediaReader.at(image.needString("url"), image.path("url"));
        return new ContentPart.Image(source, image.string("detail"), cache);
    }

    private ContentPart.Document file(Fields file, @Nullable CacheMark cache) {
        leftovers.note(file, PATH + "file.", Set.of("file_id", "file_data", "filename"));
        String id = file.string("file_id");
        MediaSource source = id == null
                ? MediaReader.fileData(file.needString("file_data"), file.path("file_data"))
                : new MediaSource.FileId(id);
        return new ContentPart.Document(source, file.string("filename"), cache, Extras.NONE);
    }

    /** Pictures that a model has made: OpenRouter's field for them, which clients send back. */
    List<ContentPart> images(Fields message) {
        List<ContentPart> parts = new ArrayList<>(0);
        for (Fields image : message.objects("images")) {
            parts.add(image(image, null));
        }
        return parts;
    }

    /** What only one provider knows, such as the work of its own tools: our field for it. */
    List<ContentPart> blocks(Fields message) {
        List<ContentPart> parts = new ArrayList<>(0);
        for (Fields block : message.objects("provider_blocks")) {
            parts.add(new ContentPart.Opaque(
                    block.needName("provider"), block.needObject("block").raw()));
        }
        return parts;
    }

    /** OpenAI's {@code prompt_cache_breakpoint}, or Anthropic's {@code cache_control}, which LiteLLM brought here. */
    static @Nullable CacheMark cache(Fields fields) {
        for (String name : List.of("prompt_cache_breakpoint", "cache_control")) {
            JsonNode mark = fields.get(name);
            if (mark != null && mark.isObject()) {
                JsonNode ttl = mark.get("ttl");
                return new CacheMark(ttl != null && ttl.isTextual() ? ttl.textValue() : null);
            }
        }
        return null;
    }
}
