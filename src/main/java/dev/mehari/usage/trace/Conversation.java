package dev.mehari.usage.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mehari.chat.Json;
import dev.mehari.usage.CallContent;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What was said in a call, ready to be told. Immutable.
 *
 * @param input messages as JSON; where the request was cut, its text as it is
 * @param output the same of the answer
 * @param instructions as JSON; null: none
 */
record Conversation(String input, String output, @Nullable String instructions) {

    /** @param redaction of whole texts, as the settings say */
    static Conversation of(CallContent content, UnaryOperator<String> redaction) {
        String asked = text(content.request(), content.requestBytes());
        String answered = text(content.response(), content.responseBytes());
        JsonNode request = tree(asked);
        JsonNode answer = answered.startsWith("{") ? tree(answered) : SaidInStream.of(answered);
        ArrayNode instructions = request == null ? null : Said.instructions(request);
        return new Conversation(
                redaction.apply(request == null ? asked : Json.text(Said.input(request))),
                redaction.apply(answer == null ? answered : output(answer, answered)),
                instructions == null ? null : redaction.apply(Json.text(instructions)));
    }

    /** An error, say, is no conversation, and is told as it is. */
    private static String output(JsonNode answer, String answered) {
        ArrayNode messages = Said.output(answer);
        return messages.isEmpty() ? answered : Json.text(messages);
    }

    private static String text(byte[] captured, long bytes) {
        String text = new String(captured, StandardCharsets.UTF_8);
        return captured.length < bytes ? text + "… (" + bytes + " bytes)" : text;
    }

    private static @Nullable JsonNode tree(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (JsonProcessingException cut) {
            return null;
        }
    }
}
