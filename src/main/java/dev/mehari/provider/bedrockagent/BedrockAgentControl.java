package dev.mehari.provider.bedrockagent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes tool calls of an agent's {@code returnControl}: one for each function or API operation it wants done. */
final class BedrockAgentControl {
    /** Between action group and function in a call's name. */
    static final String BETWEEN = "__";

    private BedrockAgentControl() {}

    /** @return how many calls it made */
    static int emit(JsonNode control, int firstIndex, BedrockAgentCalls calls, EventSink sink) {
        String invocation = control.path("invocationId").asText();
        JsonNode inputs = control.path("invocationInputs");
        int index = 0;
        for (JsonNode input : inputs) {
            JsonNode function = input.path("functionInvocationInput");
            JsonNode api = input.path("apiInvocationInput");
            JsonNode wanted = function.isObject() ? function : api;
            if (!wanted.isObject()) {
                continue;
            }
            BedrockAgentCallId id =
                    new BedrockAgentCallId(invocation, index, text(wanted, "agentId"), operation(wanted));
            int position = firstIndex + index++;
            sink.accept(new ChatEvent.ToolCallStart(0, position, calls.id(id), name(wanted)));
            sink.accept(new ChatEvent.ToolCallDelta(0, position, Json.text(arguments(wanted))));
        }
        return index;
    }

    private static @Nullable String operation(JsonNode wanted) {
        String path = text(wanted, "apiPath");
        String method = text(wanted, "httpMethod");
        return path == null ? null : (method == null ? "POST" : method.toUpperCase(Locale.ROOT)) + " " + path;
    }

    /** {@code actionGroup__function}, or {@code actionGroup__get_orders_id} for {@code GET /orders/{id}}. */
    private static String name(JsonNode wanted) {
        String operation = operation(wanted);
        String function =
                operation == null ? wanted.path("function").asText() : plain(operation.toLowerCase(Locale.ROOT));
        return wanted.path("actionGroup").asText() + BETWEEN + function;
    }

    /** Letters and digits, single underscores for all between them. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                plain.append(c);
            } else if (!plain.isEmpty() && plain.charAt(plain.length() - 1) != '_') {
                plain.append('_');
            }
        }
        int end = plain.length() - 1;
        return end > 0 && plain.charAt(end) == '_' ? plain.substring(0, end) : plain.toString();
    }

    private static ObjectNode arguments(JsonNode wanted) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        wanted.path("parameters").forEach(each -> put(each, arguments));
        for (JsonNode content : wanted.path("requestBody").path("content")) {
            content.path("properties").forEach(each -> put(each, arguments));
        }
        return arguments;
    }

    /** Every value comes as text, beside the name of its type. */
    private static void put(JsonNode parameter, ObjectNode arguments) {
        String value = parameter.path("value").asText();
        JsonNode typed =
                switch (parameter.path("type").asText().toLowerCase(Locale.ROOT)) {
                    case "number", "integer", "boolean", "array", "object" -> json(value);
                    default -> null;
                };
        arguments.set(
                parameter.path("name").asText(), typed == null ? JsonNodeFactory.instance.textNode(value) : typed);
    }

    private static @Nullable JsonNode json(String value) {
        try {
            JsonNode read = Json.MAPPER.readTree(value);
            return read.isMissingNode() ? null : read;
        } catch (JsonProcessingException text) {
            // An array as agents write it, [a, b], is not always JSON.
            return null;
        }
    }

    private static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }
}
