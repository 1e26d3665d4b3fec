package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of a stream that only Bedrock knows, a call that it answers itself and what came of it: gathered until each is as
 * it stands in a whole answer. One instance a stream; not thread-safe.
 */
final class BedrockOwnBlocks {
    private final Map<Integer, Growing> open = new HashMap<>(0);

    private record Growing(ObjectNode block, StringBuilder input, ArrayNode results) {}

    /** @param start {@code {"toolUse":{…}}} or {@code {"toolResult":{…}}} */
    void begin(int index, ObjectNode start) {
        open.put(index, new Growing(start, new StringBuilder(0), Json.MAPPER.createArrayNode()));
    }

    /** @return false: that block is the client's */
    boolean input(int index, String piece) {
        Growing block = open.get(index);
        if (block != null) {
            block.input().append(piece);
        }
        return block != null;
    }

    void results(int index, JsonNode pieces) {
        Growing block = open.computeIfAbsent(
                index,
                fresh -> new Growing(
                        Json.MAPPER.createObjectNode(), new StringBuilder(0), Json.MAPPER.createArrayNode()));
        pieces.forEach(block.results()::add);
    }

    /** The block, whole; null when it is none of these. */
    @Nullable
    JsonNode end(int index) {
        Growing grown = open.remove(index);
        if (grown == null) {
            return null;
        }
        ObjectNode block = grown.block();
        if (block.path("toolUse") instanceof ObjectNode call) {
            call.set("input", input(grown.input().toString()));
        }
        if (!grown.results().isEmpty()) {
            ObjectNode result =
                    block.path("toolResult") instanceof ObjectNode begun ? begun : block.putObject("toolResult");
            result.set("content", grown.results());
        }
        return block;
    }

    private static JsonNode input(String pieces) {
        try {
            return pieces.isEmpty() ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(pieces);
        } catch (JsonProcessingException cutShort) {
            return Json.MAPPER.getNodeFactory().textNode(pieces);
        }
    }
}
