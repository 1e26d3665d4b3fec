package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolChoice;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the tools a request offers and how to use them; legacy {@code functions} become tools. */
final class ToolReader {
    private static final List<String> CHOICES = List.of("none", "auto", "required");
    private static final Set<String> TOOL_FIELDS =
            Set.of("type", "function", "custom", "cache_control", "prompt_cache_breakpoint");
    private static final Set<String> FUNCTION_FIELDS = Set.of("name", "description", "parameters", "strict");
    private static final Set<String> CUSTOM_FIELDS = Set.of("name", "description", "format");

    private ToolReader() {}

    static ChatRequest.Tooling tooling(Fields request, Leftovers leftovers) {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : request.objects("tools")) {
            tools.add(tool(tool, leftovers));
        }
        boolean legacy = tools.isEmpty() && request.has("functions");
        if (legacy) {
            for (Fields function : request.objects("functions")) {
                leftovers.note(function, "functions[].", FUNCTION_FIELDS);
                tools.add(function(function, null));
            }
        }
        ToolChoice choice = legacy ? legacyChoice(request) : choice(request);
        checkChoice(choice, tools, legacy ? "function_call" : "tool_choice");
        return new ChatRequest.Tooling(tools, choice, request.bool("parallel_tool_calls"), legacy);
    }

    private static Tool tool(Fields tool, Leftovers leftovers) {
        String type = tool.has("type") ? tool.needString("type") : "function";
        return switch (type) {
            case "function" -> {
                Fields function = tool.needObject("function");
                leftovers.note(tool, "tools[].", TOOL_FIELDS);
                leftovers.note(function, "tools[].function.", FUNCTION_FIELDS);
                yield function(function, tool);
            }
            case "custom" -> {
                Fields custom = tool.needObject("custom");
                leftovers.note(tool, "tools[].", TOOL_FIELDS);
                leftovers.note(custom, "tools[].custom.", CUSTOM_FIELDS);
                yield new Tool.Custom(custom.needName("name"), custom.string("description"), custom.get("format"));
            }
            default -> new Tool.BuiltIn(type, tool.raw());
        };
    }

    private static Tool.Function function(Fields function, @Nullable Fields around) {
        Fields parameters = function.object("parameters");
        return new Tool.Function(
                function.needName("name"),
                function.string("description"),
                parameters == null ? null : parameters.raw(),
                function.bool("strict"),
                around == null ? null : PartReader.cache(around));
    }

    private static @Nullable ToolChoice choice(Fields request) {
        JsonNode value = request.get("tool_choice");
        if (value == null) {
            return null;
        }
        if (value.isTextual()) {
            return word(value.textValue(), "tool_choice", CHOICES);
        }
        Fields choice = request.needObject("tool_choice");
        String type = choice.needString("type");
        return switch (type) {
            case "function" ->
                new ToolChoice.Named(choice.needObject("function").needName("name"), false);
            case "custom" -> new ToolChoice.Named(choice.needObject("custom").needName("name"), true);
            case "allowed_tools" -> allowed(choice.needObject("allowed_tools"));
            default ->
                throw BadField.unknownValue(choice.path("type"), type, List.of("function", "custom", "allowed_tools"));
        };
    }

    private static ToolChoice allowed(Fields allowed) {
        String mode = allowed.needString("mode");
        if (!mode.equals("auto") && !mode.equals("required")) {
            throw BadField.unknownValue(allowed.path("mode"), mode, List.of("auto", "required"));
        }
        List<String> names = new ArrayList<>();
        for (Fields tool : allowed.objects("tools")) {
            String type = tool.has("type") ? tool.needString("type") : "function";
            names.add(tool.has(type) ? tool.needObject(type).needName("name") : type);
        }
        return new ToolChoice.Allowed(mode.equals("required"), names);
    }

    private static @Nullable ToolChoice legacyChoice(Fields request) {
        JsonNode value = request.get("function_call");
        if (value == null) {
            return null;
        }
        return value.isTextual()
                ? word(value.textValue(), "function_call", List.of("none", "auto"))
                : new ToolChoice.Named(request.needObject("function_call").needName("name"), false);
    }

    private static ToolChoice word(String word, String path, List<String> supported) {
        if (!supported.contains(word)) {
            throw BadField.unknownValue(path, word, supported);
        }
        return switch (word) {
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> new ToolChoice.Auto();
        };
    }

    /** A choice that cannot be kept is refused; {@code auto} and {@code none} without tools are harmless. */
    private static void checkChoice(@Nullable ToolChoice choice, List<Tool> tools, String path) {
        List<String> names = tools.stream().map(Tool::name).toList();
        List<String> wanted =
                switch (choice) {
                    case ToolChoice.Named named -> List.of(named.name());
                    case ToolChoice.Allowed allowed -> allowed.names();
                    case ToolChoice.None none -> List.of();
                    case ToolChoice.Auto auto -> List.of();
                    case ToolChoice.Required required -> List.of();
                    case null -> List.of();
                };
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw BadField.invalid(
                        path,
                        "Invalid value for '" + path + "': no tool named '" + name + "' is offered.",
                        "invalid_value");
            }
        }
        if (choice instanceof ToolChoice.Required && tools.isEmpty()) {
            throw BadField.invalid(
                    path, "Invalid value for '" + path + "': 'required' needs 'tools'.", "invalid_value");
        }
    }
}
