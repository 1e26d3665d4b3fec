package dev.mehari.provider.openai;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolChoice;
import dev.mehari.chat.ToolNames;
import org.jspecify.annotations.Nullable;

/** Writes tools and how to use them. Names that are too long for OpenAI are shortened, and found again in the answer. */
final class OpenAiToolWriter {
    private OpenAiToolWriter() {}

    /** Nothing when there are no tools: OpenAI answers 400 to a choice among none. */
    static void write(ChatRequest.Tooling tooling, JsonWriter json) {
        if (tooling.tools().isEmpty()) {
            return;
        }
        json.name("tools").list();
        tooling.tools().forEach(tool -> tool(tool, json));
        json.endList();
        choice(tooling.choice(), json);
        json.fieldIfAny("parallel_tool_calls", tooling.parallel());
    }

    private static void tool(Tool tool, JsonWriter json) {
        switch (tool) {
            case Tool.Function function -> {
                json.object().field("type", "function").name("function").object();
                json.field("name", ToolNames.fitting(function.name()))
                        .fieldIfAny("description", function.description());
                if (function.parameters() != null) {
                    json.field("parameters", function.parameters());
                }
                json.fieldIfAny("strict", function.strict()).endObject().endObject();
            }
            case Tool.Custom custom -> {
                json.object().field("type", "custom").name("custom").object();
                json.field("name", ToolNames.fitting(custom.name())).fieldIfAny("description", custom.description());
                if (custom.format() != null) {
                    json.field("format", custom.format());
                }
                json.endObject().endObject();
            }
            case Tool.BuiltIn other -> throw new IllegalStateException("the table rejects them");
        }
    }

    private static void choice(@Nullable ToolChoice choice, JsonWriter json) {
        switch (choice) {
            case null -> {}
            case ToolChoice.None none -> json.field("tool_choice", "none");
            case ToolChoice.Auto auto -> json.field("tool_choice", "auto");
            case ToolChoice.Required required -> json.field("tool_choice", "required");
            case ToolChoice.Named named -> named(named.name(), named.custom(), json.name("tool_choice"));
            case ToolChoice.Allowed allowed -> {
                json.name("tool_choice").object().field("type", "allowed_tools");
                json.name("allowed_tools").object().field("mode", allowed.required() ? "required" : "auto");
                json.name("tools").list();
                allowed.names().forEach(name -> named(name, false, json));
                json.endList().endObject().endObject();
            }
        }
    }

    private static void named(String name, boolean custom, JsonWriter json) {
        String kind = custom ? "custom" : "function";
        json.object().field("type", kind).name(kind).object();
        json.field("name", ToolNames.fitting(name)).endObject().endObject();
    }
}
