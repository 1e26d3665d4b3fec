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
        json.name("tools").beginArray();
        tooling.tools().forEach(tool -> tool(tool, json));
        json.endArray();
        choice(tooling.choice(), json);
        json.fieldIfAny("parallel_tool_calls", tooling.parallel());
    }

    private static void tool(Tool tool, JsonWriter json) {
        switch (tool) {
            case Tool.Function function -> {
                json.beginObject().field("type", "function").name("function").beginObject();
                json.field("name", ToolNames.fitting(function.name()))
                        .fieldIfAny("description", function.description());
                if (function.parameters() != null) {
                    json.field("parameters", function.parameters());
                }
                json.fieldIfAny("strict", function.strict()).endObject().endObject();
            }
            case Tool.Custom custom -> {
                json.beginObject().field("type", "custom").name("custom").beginObject();
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
                json.name("tool_choice").beginObject().field("type", "allowed_tools");
                json.name("allowed_tools").beginObject().field("mode", allowed.required() ? "required" : "auto");
                json.name("tools").beginArray();
                allowed.names().forEach(name -> named(name, false, json));
                json.endArray().endObject().endObject();
            }
        }
    }

    private static void named(String name, boolean custom, JsonWriter json) {
        String kind = custom ? "custom" : "function";
        json.beginObject().field("type", kind).name(kind).beginObject();
        json.field("name", ToolNames.fitting(name)).endObject().endObject();
    }
}
