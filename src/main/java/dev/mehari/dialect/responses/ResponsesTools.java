package dev.mehari.dialect.responses;

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

/** Reads the tools a request offers, in the flat form, and how to use them. */
final class ResponsesTools {
    private static final List<String> CHOICES = List.of("none", "auto", "required");

    private static final Set<String> FUNCTION = Set.of("type", "name", "description", "parameters", "strict");
    private static final Set<String> CUSTOM = Set.of("type", "name", "description", "format");

    private ResponsesTools() {}

    static ChatRequest.Tooling tooling(Fields request, Leftovers leftovers) {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : request.objects("tools")) {
            tools.add(tool(tool, leftovers));
        }
        ToolChoice choice = choice(request, tools);
        return new ChatRequest.Tooling(tools, choice, request.bool("parallel_tool_calls"), false);
    }

    private static Tool tool(Fields tool, Leftovers leftovers) {
        String type = tool.needString("type");
        return switch (type) {
            case "function" -> {
                leftovers.note(tool, "tools[].", FUNCTION);
                Fields parameters = tool.object("parameters");
                yield new Tool.Function(
                        tool.needName("name"),
                        tool.string("description"),
                        parameters == null ? null : parameters.raw(),
                        tool.bool("strict"),
                        null);
            }
            case "custom" -> {
                leftovers.note(tool, "tools[].", CUSTOM);
                yield new Tool.Custom(tool.needName("name"), tool.string("description"), tool.get("format"));
            }
            default -> new Tool.BuiltIn(type, tool.raw());
        };
    }

    private static @Nullable ToolChoice choice(Fields request, List<Tool> tools) {
        JsonNode value = request.get("tool_choice");
        if (value == null) {
            return null;
        }
        if (value.isTextual()) {
            return switch (value.textValue()) {
                case "none" -> new ToolChoice.None();
                case "auto" -> new ToolChoice.Auto();
                case "required" -> new ToolChoice.Required();
                default -> throw BadField.unknownValue("tool_choice", value.textValue(), CHOICES);
            };
        }
        Fields choice = request.needObject("tool_choice");
        String type = choice.needString("type");
        return switch (type) {
            case "function", "custom" -> {
                String name = choice.needName("name");
                checkOffered(name, tools);
                yield new ToolChoice.Named(name, type.equals("custom"));
            }
            case "allowed_tools" -> allowed(choice, tools);
            // A tool that the provider runs has its type for a name.
            default -> {
                checkBuiltIn(type, tools);
                yield new ToolChoice.Named(type, false);
            }
        };
    }

    private static ToolChoice allowed(Fields allowed, List<Tool> tools) {
        String mode = allowed.needString("mode");
        if (!mode.equals("auto") && !mode.equals("required")) {
            throw BadField.unknownValue(allowed.path("mode"), mode, List.of("auto", "required"));
        }
        List<String> names = new ArrayList<>();
        for (Fields tool : allowed.objects("tools")) {
            String name = tool.has("name") ? tool.needName("name") : tool.needString("type");
            checkOffered(name, tools);
            names.add(name);
        }
        return new ToolChoice.Allowed(mode.equals("required"), names);
    }

    /** Types and choices differ in their dates only ({@code web_search}, {@code web_search_preview_2025_03_11}). */
    private static void checkBuiltIn(String type, List<Tool> tools) {
        if (tools.stream().noneMatch(Tool.BuiltIn.class::isInstance)) {
            checkOffered(type, tools);
        }
    }

    private static void checkOffered(String name, List<Tool> tools) {
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw BadField.invalid(
                    "tool_choice",
                    "Invalid value for 'tool_choice': no tool named '" + name + "' is offered.",
                    "invalid_value");
        }
    }
}
