package dev.mehari.dialect.messages;

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

/** Reads the tools a request offers and how to use them. */
final class ToolReader {
    private static final Set<String> KNOWN =
            Set.of("type", "name", "description", "input_schema", "strict", "cache_control");
    private static final List<String> CHOICES = List.of("auto", "any", "none", "tool");

    private ToolReader() {}

    static ChatRequest.Tooling tooling(Fields request, Leftovers leftovers) {
        List<Tool> tools = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Fields tool : request.objects("tools")) {
            tools.add(tool(tool, leftovers));
            names.add(tool.string("name"));
        }
        Fields choice = request.object("tool_choice");
        if (choice == null) {
            return new ChatRequest.Tooling(tools, null, null, false);
        }
        leftovers.note(choice, "tool_choice.", Set.of("type", "name", "disable_parallel_tool_use"));
        Boolean parallel = choice.isTrue("disable_parallel_tool_use") ? Boolean.FALSE : null;
        return new ChatRequest.Tooling(tools, choice(choice, names), parallel, false);
    }

    private static Tool tool(Fields tool, Leftovers leftovers) {
        String type = tool.string("type");
        if (type != null && !type.equals("custom")) {
            return new Tool.BuiltIn(type, tool.raw());
        }
        leftovers.note(tool, "tools[].", KNOWN);
        return new Tool.Function(
                tool.needName("name"),
                tool.string("description"),
                tool.needObject("input_schema").raw(),
                tool.bool("strict"),
                BlockReader.cache(tool));
    }

    private static @Nullable ToolChoice choice(Fields choice, List<String> names) {
        String type = choice.needString("type");
        return switch (type) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "any" -> {
                if (names.isEmpty()) {
                    throw BadField.invalid(
                            "tool_choice.type",
                            "Invalid value for 'tool_choice.type': 'any' needs 'tools'.",
                            "invalid_value");
                }
                yield new ToolChoice.Required();
            }
            case "tool" -> {
                String name = choice.needName("name");
                if (!names.contains(name)) {
                    throw BadField.invalid(
                            "tool_choice.name",
                            "Invalid value for 'tool_choice.name': no tool named '" + name + "' is offered.",
                            "invalid_value");
                }
                yield new ToolChoice.Named(name, false);
            }
            default -> throw BadField.unknownValue(choice.path("type"), type, CHOICES);
        };
    }
}
