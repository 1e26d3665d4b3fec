package dev.mehari.usage.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up what was said in a stream of server-sent events, of any of the APIs that clients speak, to a whole answer in chat
 * completions' form ({@link Said} reads it). A stream that was cut tells what came. For one stream and one thread.
 */
final class SaidInStream {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<Integer, Choice> choices = new TreeMap<>();
    private JsonNode whole = JSON.missingNode();

    /** One choice of an answer. */
    private static final class Choice {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final Map<Integer, Call> calls = new TreeMap<>();
        private JsonNode finish = JSON.nullNode();
    }

    /** One call of a tool. */
    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    /** The whole answer that a stream amounts to. */
    static JsonNode of(String events) {
        SaidInStream said = new SaidInStream();
        for (String line : events.split("\n")) {
            if (line.startsWith("data:")) {
                said.read(line.substring("data:".length()).strip());
            }
        }
        return said.whole.isMissingNode() ? said.addedUp() : said.whole;
    }

    private void read(String data) {
        JsonNode event;
        try {
            event = Json.MAPPER.readTree(data);
        } catch (JsonProcessingException cut) {
            // [DONE], or where the copy ends.
            return;
        }
        for (JsonNode choice : event.path("choices")) {
            delta(choices.computeIfAbsent(choice.path("index").asInt(), index -> new Choice()), choice);
        }
        switch (event.path("type").asText()) {
            case "content_block_start" -> begun(event.path("index").asInt(), event.path("content_block"));
            case "content_block_delta" -> grown(event.path("index").asInt(), event.path("delta"));
            case "message_delta" -> only().finish = event.path("delta").path("stop_reason");
            case "response.output_text.delta", "response.refusal.delta" ->
                only().text.append(event.path("delta").asText());
            case "response.completed", "response.incomplete", "response.failed" -> whole = event.path("response");
            default -> {}
        }
    }

    private Choice only() {
        return choices.computeIfAbsent(0, index -> new Choice());
    }

    private static void delta(Choice to, JsonNode choice) {
        JsonNode delta = choice.path("delta");
        to.text
                .append(delta.path("content").asText(""))
                .append(delta.path("refusal").asText(""));
        to.reasoning.append(
                delta.path("reasoning_content").asText(delta.path("reasoning").asText("")));
        for (JsonNode piece : delta.path("tool_calls")) {
            JsonNode function = piece.has("custom") ? piece.path("custom") : piece.path("function");
            Call call = to.calls.computeIfAbsent(piece.path("index").asInt(), index -> new Call());
            call.id += piece.path("id").asText("");
            call.name += function.path("name").asText("");
            call.arguments
                    .append(function.path("arguments").asText(""))
                    .append(function.path("input").asText(""));
        }
        if (choice.path("finish_reason").isTextual()) {
            to.finish = choice.path("finish_reason");
        }
    }

    private void begun(int index, JsonNode block) {
        only().text.append(block.path("text").asText(""));
        if (block.path("type").asText().equals("tool_use")) {
            Call call = only().calls.computeIfAbsent(index, any -> new Call());
            call.id = block.path("id").asText();
            call.name = block.path("name").asText();
        }
    }

    private void grown(int index, JsonNode delta) {
        only().text.append(delta.path("text").asText(""));
        only().reasoning.append(delta.path("thinking").asText(""));
        Call call = only().calls.get(index);
        if (call != null) {
            call.arguments.append(delta.path("partial_json").asText(""));
        }
    }

    private ObjectNode addedUp() {
        ObjectNode answer = JSON.objectNode();
        ArrayNode all = answer.putArray("choices");
        for (Choice choice : choices.values()) {
            ObjectNode told = all.addObject();
            told.set("finish_reason", choice.finish);
            ObjectNode message = told.putObject("message")
                    .put("role", "assistant")
                    .put("reasoning_content", choice.reasoning.toString());
            if (!choice.text.isEmpty()) {
                message.put("content", choice.text.toString());
            }
            if (!choice.calls.isEmpty()) {
                ArrayNode calls = message.putArray("tool_calls");
                choice.calls.values().forEach(call -> calls.addObject()
                        .put("id", call.id)
                        .putObject("function")
                        .put("name", call.name)
                        .put("arguments", call.arguments.toString()));
            }
        }
        return answer;
    }
}
