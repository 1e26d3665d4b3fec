package dev.mehari.dialect.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.CacheMark;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolIds;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import dev.mehari.dialect.MediaReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code content}: a text, or a list of blocks. One instance a request. */
final class BlockReader {
    private static final List<String> INPUT_TYPES =
            List.of("text", "image", "document", "search_result", "tool_result");
    private static final List<String> ASSISTANT_TYPES =
            List.of("text", "thinking", "redacted_thinking", "tool_use", "image");

    private final Leftovers leftovers;

    BlockReader(Leftovers leftovers) {
        this.leftovers = leftovers;
    }

    /** A field that holds what a user or the system says. */
    List<ContentPart> content(Fields of, String field) {
        return content(of, field, null);
    }

    /** What a tool said; it may have nothing to say. A mark on the result stands for its last part. */
    List<ContentPart> result(Fields block) {
        return block.has("content") ? content(block, "content", cache(block)) : List.of();
    }

    private List<ContentPart> content(Fields of, String field, @Nullable CacheMark cache) {
        JsonNode content = of.need(field);
        if (content.isTextual()) {
            String text = content.textValue();
            return text.isEmpty() ? List.of() : List.of(new ContentPart.Text(text, List.of(), cache));
        }
        List<ContentPart> parts = new ArrayList<>();
        List<Fields> blocks = Fields.objects(content, of.path(field));
        for (Fields block : blocks) {
            parts.addAll(block(block, block == blocks.getLast() ? cache : null));
        }
        return parts;
    }

    /** One block of what a user says: most often one part, none for an empty text. */
    List<ContentPart> block(Fields block) {
        return block(block, null);
    }

    private List<ContentPart> block(Fields block, @Nullable CacheMark around) {
        CacheMark own = cache(block);
        CacheMark cache = own == null ? around : own;
        String type = block.needString("type");
        return switch (type) {
            case "text" -> text(block, cache);
            case "image" -> List.of(image(block, cache));
            case "document" -> document(block, cache);
            case "search_result" -> List.of(searchResult(block, cache));
            default -> throw BadField.unknownValue(block.path("type"), type, INPUT_TYPES);
        };
    }

    /** What it cites means something to Anthropic alone, which gets the bytes. */
    private List<ContentPart> text(Fields block, @Nullable CacheMark cache) {
        note(block, "text");
        String text = block.needString("text");
        return text.isEmpty() ? List.of() : List.of(new ContentPart.Text(text, List.of(), cache));
    }

    private ContentPart.Image image(Fields block, @Nullable CacheMark cache) {
        note(block, "source");
        Fields source = block.needObject("source");
        String type = source.needString("type");
        return switch (type) {
            case "base64", "url", "file" -> new ContentPart.Image(source(source, type), null, cache);
            default -> throw BadField.unknownValue(source.path("type"), type, List.of("base64", "url", "file"));
        };
    }

    /** A document made of blocks is one of their text, and their pictures behind it. */
    private List<ContentPart> document(Fields block, @Nullable CacheMark cache) {
        note(block, "source", "title", "context", "citations");
        Fields source = block.needObject("source");
        String type = source.needString("type");
        List<ContentPart> parts = new ArrayList<>();
        MediaSource where =
                switch (type) {
                    case "base64", "url", "file" -> source(source, type);
                    case "text" -> plain(source.needString("data"));
                    case "content" -> {
                        StringBuilder text = new StringBuilder();
                        for (ContentPart part : content(source, "content")) {
                            if (part instanceof ContentPart.Text piece) {
                                text.append(text.isEmpty() ? "" : "\n").append(piece.text());
                            } else {
                                parts.add(part);
                            }
                        }
                        yield plain(text.toString());
                    }
                    default ->
                        throw BadField.unknownValue(
                                source.path("type"), type, List.of("base64", "text", "content", "url", "file"));
                };
        parts.addFirst(new ContentPart.Document(where, block.string("title"), cache, documentExtras(block)));
        return parts;
    }

    private static Extras documentExtras(Fields block) {
        Map<String, JsonNode> extras = new LinkedHashMap<>();
        for (String name : List.of("context", "citations")) {
            JsonNode value = block.get(name);
            if (value != null) {
                extras.put(name, value);
            }
        }
        return extras.isEmpty() ? Extras.NONE : new Extras(extras);
    }

    private static MediaSource source(Fields source, String type) {
        return switch (type) {
            case "base64" -> MediaReader.base64(source.needName("media_type"), source.needName("data"));
            case "url" -> new MediaSource.Url(source.needName("url"));
            default -> new MediaSource.FileId(source.needName("file_id"));
        };
    }

    private static MediaSource.Inline plain(String text) {
        return new MediaSource.Inline(
                "text/plain", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Only Anthropic has a block for it; its words are what counts. */
    private ContentPart.Text searchResult(Fields block, @Nullable CacheMark cache) {
        note(block, "source", "title", "content");
        StringBuilder text =
                new StringBuilder(block.needString("title")).append('\n').append(block.needString("source"));
        for (ContentPart part : content(block, "content")) {
            if (part instanceof ContentPart.Text piece) {
                text.append("\n\n").append(piece.text());
            }
        }
        return new ContentPart.Text(text.toString(), List.of(), cache);
    }

    /** What a model said in an earlier turn. */
    List<AssistantPart> assistant(Fields turn) {
        JsonNode content = turn.need("content");
        if (content.isTextual()) {
            return List.copyOf(content(turn, "content"));
        }
        List<AssistantPart> parts = new ArrayList<>();
        for (Fields block : Fields.objects(content, turn.path("content"))) {
            parts.addAll(said(block));
        }
        return parts;
    }

    private List<? extends AssistantPart> said(Fields block) {
        String type = block.needString("type");
        return switch (type) {
            case "text" -> text(block, cache(block));
            case "image" -> List.of(image(block, cache(block)));
            case "thinking" -> List.of(thinking(block));
            case "redacted_thinking" -> List.of(new AssistantPart.RedactedReasoning(block.needString("data")));
            case "tool_use" -> List.of(call(block));
            default -> {
                // What a tool of Anthropic's own did, which nobody else can read: server_tool_use and its many results.
                if (type.endsWith("_tool_use") || type.endsWith("_tool_result")) {
                    yield List.of(new ContentPart.Opaque("anthropic", block.raw()));
                }
                throw BadField.unknownValue(block.path("type"), type, ASSISTANT_TYPES);
            }
        };
    }

    private static AssistantPart.Reasoning thinking(Fields block) {
        String signature = block.string("signature");
        boolean signed = signature != null && !signature.isEmpty() && !signature.equals(MessagesWire.UNSIGNED);
        return new AssistantPart.Reasoning(null, block.needString("thinking"), signed ? signature : null);
    }

    private ToolCall call(Fields block) {
        // A cache mark among them: the hub has none for calls.
        leftovers.note(block, "messages[].content[].", Set.of("type", "id", "name", "input"));
        return ToolCall.function(
                ToolIds.original(block.needName("id")),
                block.needName("name"),
                Json.text(block.needObject("input").raw()));
    }

    private void note(Fields block, String... known) {
        Set<String> names = new HashSet<>(Set.of(known));
        names.add("type");
        names.add("cache_control");
        leftovers.note(block, "messages[].content[].", names);
    }

    static @Nullable CacheMark cache(Fields fields) {
        Fields mark = fields.object("cache_control");
        return mark == null ? null : new CacheMark(mark.string("ttl"));
    }
}
