package dev.mehari.dialect.responses;

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

/**
 * Reads the content of an item: a string, or a list of parts. Any text-like part is taken in any role, as clients mix them.
 * One instance a request.
 */
final class ItemPartReader {
    private static final List<String> INPUT_TYPES = List.of("input_text", "input_image", "input_file", "input_audio");
    private static final List<String> ASSISTANT_TYPES = List.of("output_text", "refusal");

    /** {@code logprobs} tell of an answer, and ask for nothing. */
    private static final Set<String> FIELDS =
            Set.of("type", "text", "logprobs", "refusal", "input_audio", "prompt_cache_breakpoint");

    private static final Set<String> IMAGE =
            Set.of("type", "image_url", "file_id", "detail", "prompt_cache_breakpoint");
    private static final Set<String> FILE =
            Set.of("type", "file_id", "file_data", "file_url", "filename", "prompt_cache_breakpoint");

    private final Leftovers leftovers;

    ItemPartReader(Leftovers leftovers) {
        this.leftovers = leftovers;
    }

    /** Of a user, system or developer message: required. */
    List<ContentPart> content(Fields message) {
        return contentOnly(parts(message.need("content"), message.path("content"), false));
    }

    /** Of an assistant message: required, possibly empty. */
    List<AssistantPart> assistantContent(Fields message) {
        return parts(message.need("content"), message.path("content"), true);
    }

    /** Of a tool's result; clients also send other JSON than text and parts, whose text is what they mean. */
    List<ContentPart> output(Fields result) {
        JsonNode output = result.need("output");
        boolean parts = output.isArray()
                && !output.isEmpty()
                && output.get(0).path("type").asText().startsWith("input_");
        if (output.isTextual() || parts) {
            return contentOnly(parts(output, result.path("output"), false));
        }
        return List.of(ContentPart.Text.of(output.toString()));
    }

    private static List<ContentPart> contentOnly(List<AssistantPart> parts) {
        return parts.stream()
                .filter(ContentPart.class::isInstance)
                .map(ContentPart.class::cast)
                .toList();
    }

    private List<AssistantPart> parts(JsonNode content, String path, boolean assistant) {
        if (content.isTextual()) {
            return content.textValue().isEmpty() ? List.of() : List.of(ContentPart.Text.of(content.textValue()));
        }
        if (!content.isArray()) {
            throw BadField.wrongType(path, "a string or an array of objects", content);
        }
        List<AssistantPart> parts = new ArrayList<>(content.size());
        for (Fields part : Fields.objects(content, path)) {
            AssistantPart read = part(part, assistant);
            if (read != null) {
                parts.add(read);
            }
        }
        return parts;
    }

    /** Null for an empty text. */
    private @Nullable AssistantPart part(Fields part, boolean assistant) {
        String type = part.needString("type");
        leftovers.noteFilled(
                part,
                "input[].content[].",
                switch (type) {
                    case "input_image" -> IMAGE;
                    case "input_file" -> FILE;
                    default -> FIELDS;
                });
        return switch (type) {
            case "input_text", "output_text", "text", "summary_text" -> {
                String text = part.needString("text");
                yield text.isEmpty() ? null : new ContentPart.Text(text, List.of(), cache(part));
            }
            case "input_image" -> image(part);
            case "input_file" -> file(part);
            case "input_audio" -> {
                Fields audio = part.needObject("input_audio");
                yield new ContentPart.Audio(audio.needName("data"), audio.needName("format"), cache(part));
            }
            case "refusal" -> {
                if (!assistant) {
                    throw BadField.unknownValue(part.path("type"), type, INPUT_TYPES);
                }
                yield new AssistantPart.Refusal(part.needString("refusal"));
            }
            default -> throw BadField.unknownValue(part.path("type"), type, assistant ? ASSISTANT_TYPES : INPUT_TYPES);
        };
    }

    private static ContentPart.Image image(Fields part) {
        String url = part.string("image_url");
        MediaSource source = url == null
                ? new MediaSource.FileId(part.needName("file_id"))
                : MediaReader.at(url, part.path("image_url"));
        return new ContentPart.Image(source, part.string("detail"), cache(part));
    }

    private static ContentPart.Document file(Fields part) {
        String url = part.string("file_url");
        String data = part.string("file_data");
        MediaSource source;
        if (data != null) {
            source = MediaReader.fileData(data, part.path("file_data"));
        } else if (url != null) {
            source = MediaReader.at(url, part.path("file_url"));
        } else {
            source = new MediaSource.FileId(part.needName("file_id"));
        }
        return new ContentPart.Document(source, part.string("filename"), cache(part), Extras.NONE);
    }

    private static @Nullable CacheMark cache(Fields part) {
        JsonNode mark = part.get("prompt_cache_breakpoint");
        return mark == null || !mark.isObject()
                ? null
                : new CacheMark(mark.path("ttl").textValue());
    }
}
