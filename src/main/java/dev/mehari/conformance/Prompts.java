package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * The requests that are sent. Short, so that a whole run costs little, and without {@code max_tokens} and
 * {@code temperature}, which some models refuse.
 */
record Prompts(String model) {
    static final String HELLO = "Say hello in one short sentence.";
    static final String LONG = "Write about 300 words on how a river changes from its spring to the sea.";

    /** Two, three and four bytes a character; the last is five code points that are seen as one. */
    static final String SIGNS = "Grüße, 日本語, 🌍, 👩‍👩‍👧";

    static final String WEATHER = "get_weather";
    static final String CLOCK = "get_time";

    static String schema() {
        return """
                {"type": "object", "properties": {"city": {"type": "string"}, "population": {"type": "integer"}}, \
                "required": ["city", "population"], "additionalProperties": false}""";
    }

    String hello() {
        return ask(HELLO, body -> {});
    }

    String helloStream() {
        return ask(HELLO, body -> body.put("stream", true));
    }

    String helloStreamWithUsage() {
        return ask(HELLO, Prompts::withUsage);
    }

    String longStream() {
        return ask(LONG, body -> body.put("stream", true));
    }

    String longStreamWithUsage() {
        return ask(LONG, Prompts::withUsage);
    }

    String signs(boolean stream) {
        return ask("Repeat exactly and say nothing else: " + SIGNS, body -> body.put("stream", stream));
    }

    /** The call is demanded, so that what is seen is the endpoint and not the model's mood. */
    String oneTool(boolean stream) {
        return ask("Call " + WEATHER + " for Paris.", body -> {
            body.put("stream", stream);
            body.put("tool_choice", "required");
            body.set("tools", tools(WEATHER));
        });
    }

    String twoTools(boolean stream) {
        String text = "Call " + WEATHER + " for Paris and " + CLOCK + " for Tokyo, both now, in this one turn.";
        return ask(text, body -> {
            body.put("stream", stream);
            body.put("tool_choice", "required");
            body.set("tools", tools(WEATHER, CLOCK));
        });
    }

    /** The turn after a call: the message with the call as it came, and a result for each call in it. */
    String results(JsonNode assistant) {
        return ask("Call " + WEATHER + " for Paris.", body -> {
            body.set("tools", tools(WEATHER));
            body.withArray("messages").add(assistant);
            assistant.path("tool_calls").forEach(call -> body.withArray("messages")
                    .addObject()
                    .put("role", "tool")
                    .put("tool_call_id", call.path("id").asText())
                    .put("content", "{\"celsius\": 21, \"sky\": \"clear\"}"));
        });
    }

    String structured() {
        return ask("Name a large city and its population, as JSON.", body -> {
            ObjectNode format = body.putObject("response_format").put("type", "json_schema");
            format.putObject("json_schema")
                    .put("name", "city")
                    .put("strict", true)
                    .set("schema", tree(schema()));
        });
    }

    /** Any request with a user's message, changed as wanted. */
    String ask(String text, Consumer<ObjectNode> change) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        change.accept(body);
        return Json.text(body);
    }

    private static void withUsage(ObjectNode body) {
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
    }

    private static JsonNode tools(String... names) {
        var tools = JsonNodeFactory.instance.arrayNode();
        for (String name : List.of(names)) {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.put("name", name).put("description", name.substring(4) + " in a city");
            function.set("parameters", tree("""
                    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));
        }
        return tools;
    }

    static JsonNode tree(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
