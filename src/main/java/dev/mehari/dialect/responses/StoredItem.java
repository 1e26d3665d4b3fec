package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.TextPieces;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The life of one stored output item as events, without their numbers; each is made when it is asked for. One instance an
 * item; not thread-safe.
 */
final class StoredItem {
    /** Tools of the provider's own, which tell how far they are. */
    private static final Set<String> HOSTED = Set.of(
            "web_search_call",
            "file_search_call",
            "code_interpreter_call",
            "image_generation_call",
            "mcp_call",
            "mcp_list_tools");

    private final JsonNode item;
    private final int index;
    private final List<Supplier<ObjectNode>> events = new ArrayList<>();

    /** @param index of the item in the output */
    StoredItem(JsonNode item, int index) {
        this.item = item;
        this.index = index;
    }

    /** From added to done, each with its type. */
    List<Supplier<ObjectNode>> events() {
        add("response.output_item.added", event -> event.put("output_index", index)
                .set("item", begun()));
        switch (item.path("type").asText()) {
            case "message" -> contents();
            case "reasoning" -> {
                summaries();
                contents();
            }
            case "function_call" -> call("response.function_call_arguments", "arguments");
            case "custom_tool_call" -> call("response.custom_tool_call_input", "input");
            case String other -> hosted(other);
        }
        add("response.output_item.done", event -> event.put("output_index", index)
                .set("item", item));
        return events;
    }

    /** What it was before anything of it was said. */
    private ObjectNode begun() {
        ObjectNode begun = Json.MAPPER.createObjectNode();
        item.properties().forEach(field -> {
            switch (field.getKey()) {
                case "status" -> begun.put("status", "in_progress");
                case "content", "summary" -> begun.putArray(field.getKey());
                case "arguments", "input" -> begun.put(field.getKey(), "");
                // Of these only what the last event tells counts.
                case "encrypted_content", "result" -> {}
                case String other -> begun.set(other, field.getValue());
            }
        });
        return begun;
    }

    private void add(String type, Consumer<ObjectNode> rest) {
        events.add(() -> {
            ObjectNode event = Json.MAPPER.createObjectNode().put("type", type);
            rest.accept(event);
            return event;
        });
    }

    private void tell(String type, Consumer<ObjectNode> rest) {
        add(
                type,
                event -> rest.accept(
                        event.put("item_id", item.path("id").asText()).put("output_index", index)));
    }

    private void hosted(String type) {
        if (HOSTED.contains(type)) {
            boolean failed = item.path("status").asText().equals("failed") || item.hasNonNull("error");
            tell("response." + type + ".in_progress", event -> {});
            tell("response." + type + (failed ? ".failed" : ".completed"), event -> {});
        }
    }

    private void call(String type, String field) {
        String text = item.path(field).asText();
        pieces(text).forEach(piece -> tell(type + ".delta", event -> event.put("delta", piece)));
        tell(type + ".done", event -> {
            if (field.equals("arguments")) {
                event.set("name", item.path("name"));
            }
            event.put(field, text);
        });
    }

    private void summaries() {
        JsonNode parts = item.path("summary");
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            String text = part.path("text").asText();
            summary("part.added", i, event -> event.set("part", emptied(part)));
            for (String piece : pieces(text)) {
                summary("text.delta", i, event -> event.put("delta", piece));
            }
            summary("text.done", i, event -> event.put("text", text));
            summary("part.done", i, event -> event.set("part", part));
        }
    }

    private void summary(String what, int at, Consumer<ObjectNode> rest) {
        tell("response.reasoning_summary_" + what, event -> rest.accept(event.put("summary_index", at)));
    }

    private void contents() {
        JsonNode parts = item.path("content");
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            content("response.content_part.added", i, event -> event.set("part", emptied(part)));
            switch (part.path("type").asText()) {
                case "output_text" -> text(part, i);
                case "refusal" -> said("response.refusal", "refusal", part, i);
                case "reasoning_text" -> said("response.reasoning_text", "text", part, i);
                case String other -> {}
            }
            content("response.content_part.done", i, event -> event.set("part", part));
        }
    }

    private void text(JsonNode part, int at) {
        String text = part.path("text").asText();
        for (String piece : pieces(text)) {
            content("response.output_text.delta", at, event -> event.put("delta", piece)
                    .putArray("logprobs"));
        }
        JsonNode annotations = part.path("annotations");
        for (int i = 0; i < annotations.size(); i++) {
            int number = i;
            content("response.output_text.annotation.added", at, event -> event.put("annotation_index", number)
                    .set("annotation", annotations.get(number)));
        }
        content("response.output_text.done", at, event -> event.put("text", text)
                .set("logprobs", part.path("logprobs").isArray() ? part.path("logprobs") : event.arrayNode()));
    }

    private void said(String type, String field, JsonNode part, int at) {
        String text = part.path(field).asText();
        for (String piece : pieces(text)) {
            content(type + ".delta", at, event -> event.put("delta", piece));
        }
        content(type + ".done", at, event -> event.put(field, text));
    }

    private void content(String type, int at, Consumer<ObjectNode> rest) {
        tell(type, event -> rest.accept(event.put("content_index", at)));
    }

    private static List<String> pieces(String text) {
        return text.isEmpty() ? List.of() : TextPieces.of(text);
    }

    private static ObjectNode emptied(JsonNode part) {
        ObjectNode empty = Json.MAPPER.createObjectNode();
        part.properties().forEach(field -> {
            switch (field.getKey()) {
                case "text", "refusal" -> empty.put(field.getKey(), "");
                case "annotations", "logprobs" -> empty.putArray(field.getKey());
                case String other -> empty.set(other, field.getValue());
            }
        });
        return empty;
    }
}
