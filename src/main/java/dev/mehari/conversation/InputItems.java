package dev.mehari.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code input} of a request as items to keep: each with an id and a type, content as parts. */
public final class InputItems {
    private static final int ID_LENGTH = 40;

    private InputItems() {}

    /** Whether it only names an item that was kept before. */
    public static boolean isReference(JsonNode item) {
        return item.path("type").asText().equals("item_reference");
    }

    /**
     * A reference gives way to the item it names: kept itself, it would have the id of that item without being it.
     *
     * @param input a string or a list of items, as the client sent it; left unchanged
     * @param stored items that references in it name, by id; they are kept as they are
     */
    public static List<JsonNode> of(JsonNode input, Map<String, JsonNode> stored) {
        List<JsonNode> items = new ArrayList<>();
        if (input.isTextual()) {
            items.add(whole(Json.MAPPER.createObjectNode().put("role", "user").set("content", input)));
        } else {
            input.forEach(item -> items.add(item instanceof ObjectNode object ? kept(object, stored) : item));
        }
        return items;
    }

    private static JsonNode kept(ObjectNode item, Map<String, JsonNode> stored) {
        JsonNode named = isReference(item) ? stored.get(item.path("id").asText()) : null;
        return named == null ? whole(item.deepCopy()) : named;
    }

    private static ObjectNode whole(ObjectNode item) {
        String type = item.path("type").asText("message");
        if (!item.path("id").isTextual()) {
            item.put("id", Ids.random(prefix(type), ID_LENGTH));
        }
        if (type.equals("message")) {
            item.put("type", type);
            if (!item.hasNonNull("status")) {
                item.put("status", "completed");
            }
            if (item.path("content").isTextual()) {
                item.set("content", parts(item));
            }
        }
        return item;
    }

    private static ArrayNode parts(ObjectNode message) {
        boolean said = message.path("role").asText().equals("assistant");
        ObjectNode part = Json.MAPPER.createObjectNode().put("type", said ? "output_text" : "input_text");
        part.set("text", message.path("content"));
        if (said) {
            part.putArray("annotations");
        }
        return Json.MAPPER.createArrayNode().add(part);
    }

    /** As OpenAI begins the ids of each kind. */
    private static String prefix(String type) {
        return switch (type) {
            case "message" -> "msg_";
            case "function_call" -> "fc_";
            case "function_call_output" -> "fco_";
            case "custom_tool_call" -> "ctc_";
            case "custom_tool_call_output" -> "ctco_";
            case "reasoning" -> "rs_";
            default -> "item_";
        };
    }
}
