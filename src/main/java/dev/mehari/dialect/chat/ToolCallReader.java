package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.ToolCall;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the calls of an assistant message: {@code tool_calls}, or the legacy {@code function_call}. */
final class ToolCallReader {
    /** Clients that gather a stream send the index of its chunks back. */
    private static final Set<String> FIELDS = Set.of("id", "type", "function", "custom", "index", "extra_content");

    private ToolCallReader() {}

    static List<ToolCall> calls(Fields message, int position, Leftovers leftovers) {
        List<ToolCall> calls = new ArrayList<>();
        for (Fields call : message.objects("tool_calls")) {
            leftovers.noteFilled(call, "messages[].tool_calls[].", FIELDS);
            calls.add(call(call, leftovers));
        }
        Fields legacy = message.object("function_call");
        if (legacy != null && calls.isEmpty()) {
            String name = legacy.needName("name");
            calls.add(ToolCall.function(madeUpId(position, name), name, arguments(legacy)));
        }
        return calls;
    }

    /**
     * An id for a legacy call, which has none. The same request gives the same id, so that a provider's prompt cache
     * holds; the position keeps two calls of one function apart.
     */
    static String madeUpId(int position, String name) {
        return String.format("call_%04d%08x", position, name.hashCode());
    }

    private static ToolCall call(Fields call, Leftovers leftovers) {
        String id = call.needName("id");
        String type = call.has("type") ? call.needString("type") : "function";
        return switch (type) {
            case "function" -> {
                Fields function = call.needObject("function");
                leftovers.noteFilled(function, "messages[].tool_calls[].function.", Set.of("name", "arguments"));
                yield new ToolCall(id, false, function.needName("name"), arguments(function), signature(call));
            }
            case "custom" -> {
                Fields custom = call.needObject("custom");
                String input = custom.string("input");
                yield new ToolCall(id, true, custom.needName("name"), input == null ? "" : input, signature(call));
            }
            default -> throw BadField.unknownValue(call.path("type"), type, List.of("function", "custom"));
        };
    }

    /** Arguments are JSON text. Some clients send the object itself; its text is what they mean. */
    private static String arguments(Fields function) {
        JsonNode arguments = function.get("arguments");
        if (arguments != null && arguments.isObject()) {
            return Json.text(arguments);
        }
        String text = function.string("arguments");
        return text == null ? "{}" : text;
    }

    /** Google's convention for OpenAI clients: {@code extra_content.google.thought_signature}. */
    private static @Nullable String signature(Fields call) {
        JsonNode signature = call.raw().at("/extra_content/google/thought_signature");
        return signature.isTextual() ? signature.textValue() : null;
    }
}
