package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolChoice;
import dev.mehari.chat.ToolNames;
import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes {@code tools} and {@code tool_choice}. One instance a request. */
final class AnthropicToolWriter {
    /** The one argument of a tool that takes free text, which Anthropic does not have. */
    static final String FREE_TEXT = "input";

    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

    private final ChatRequest request;
    private final Model model;
    private final AnthropicTools tools;
    private final AnthropicBlocks blocks;
    private final JsonWriter out;
    private final List<String> dropped;

    /** @param dropped gets the fields that the model cannot honour */
    AnthropicToolWriter(
            ChatRequest request,
            Model model,
            AnthropicTools tools,
            AnthropicBlocks blocks,
            JsonWriter out,
            List<String> dropped) {
        this.request = request;
        this.model = model;
        this.tools = tools;
        this.blocks = blocks;
        this.out = out;
        this.dropped = dropped;
    }

    /**
     * Both fields, where there are tools.
     *
     * @param thinks which no forced call goes with
     * @param webSearch a server tool to add; null: none
     * @throws InvalidRequest a tool that Anthropic does not have
     */
    void write(boolean thinks, @Nullable JsonNode webSearch) {
        Choice choice = choice(thinks);
        List<String> remembered = tools.remembered(request.messages());
        if (tools.offered().isEmpty() && tools.answerTool() == null && remembered.isEmpty() && webSearch == null) {
            return;
        }
        out.name("tools").list();
        for (Tool tool : tools.offered()) {
            if (choice.only() == null || tool.name().equals(choice.only())) {
                tool(tool);
            }
        }
        answerTool();
        remembered.forEach(name -> out.object()
                .field("name", name)
                .name("input_schema")
                .raw(NO_PARAMETERS)
                .endObject());
        if (webSearch != null) {
            out.raw(Json.bytes(webSearch));
        }
        out.endList();
        if (!remembered.isEmpty() && webSearch == null) {
            out.name("tool_choice").object().field("type", "none").endObject();
        } else {
            choice.write(out);
        }
    }

    private void tool(Tool tool) {
        switch (tool) {
            case Tool.Function function -> function(function);
            case Tool.Custom custom -> custom(custom);
            case Tool.BuiltIn builtIn -> builtIn(builtIn);
        }
    }

    private void function(Tool.Function function) {
        JsonNode strict = null;
        if (Boolean.TRUE.equals(function.strict())) {
            JsonNode parameters = function.parameters();
            strict = parameters == null || !model.can(Capability.JSON_SCHEMA)
                    ? null
                    : AnthropicSchema.strict(parameters);
            if (strict == null || AnthropicSchema.input(strict) != strict) {
                strict = null;
                drop(RequestField.STRICT_TOOLS);
            }
        }
        JsonNode schema = strict == null ? AnthropicSchema.input(function.parameters()) : strict;
        if (schema == null) {
            String param = "tools[" + request.tooling().tools().indexOf(function) + "].function.parameters";
            throw new InvalidRequest("invalid_function_parameters", param, param + " must be the schema of an object");
        }
        begin(function.name(), function.description());
        out.name("input_schema").raw(Json.bytes(schema));
        if (strict != null) {
            out.name("strict").bool(true);
        }
        blocks.cache(function.cache());
        out.endObject();
    }

    private void begin(String name, @Nullable String description) {
        out.object().field("name", ToolNames.fitting(name));
        if (description != null && !description.isBlank()) {
            out.field("description", description);
        }
    }

    private void custom(Tool.Custom custom) {
        begin(custom.name(), custom.description());
        out.name("input_schema")
                .object()
                .field("type", "object")
                .name("properties")
                .object();
        out.name(FREE_TEXT).object().field("type", "string");
        JsonNode grammar = custom.format() == null
                ? null
                : custom.format().path("grammar").isObject() ? custom.format().path("grammar") : custom.format();
        if (grammar != null && grammar.path("definition").isTextual()) {
            out.field(
                    "description",
                    "Text that conforms to this " + grammar.path("syntax").asText("lark") + " grammar:\n"
                            + grammar.path("definition").textValue());
        }
        out.endObject().endObject();
        out.name("required").list().text(FREE_TEXT).endList();
        out.name("additionalProperties").bool(false).endObject().endObject();
    }

    /** Anthropic's own tools have a date in their type, {@code web_search_20250305}, or are a set of them. */
    private void builtIn(Tool.BuiltIn builtIn) {
        String type = builtIn.type();
        int date = type.length() - 8;
        boolean dated = date > 1
                && type.charAt(date - 1) == '_'
                && type.chars().skip(date).allMatch(c -> c >= '0' && c <= '9');
        if (!dated && !type.equals("mcp_toolset")) {
            String param = "tools[" + request.tooling().tools().indexOf(builtIn) + "].type";
            throw new InvalidRequest(
                    "unsupported_value",
                    param,
                    param + " \"" + type + "\" is no tool of Anthropic's; those have a date in their type, such as"
                            + " web_search_20250305");
        }
        out.raw(Json.bytes(builtIn.definition()));
    }

    private void answerTool() {
        String name = tools.answerTool();
        JsonNode schema = tools.answerSchema();
        if (name == null
                || schema == null
                || !(request.output().format() instanceof ResponseFormat.JsonSchema format)) {
            return;
        }
        String task = "Give your final answer by calling this tool: its input is the answer.";
        begin(name, format.description() == null ? task : task + " " + format.description());
        out.name("input_schema").raw(Json.bytes(schema)).endObject();
    }

    /**
     * The wire's {@code tool_choice}.
     *
     * @param type null: nothing is said
     * @param name of the one tool, with type {@code tool}
     * @param only the one tool to offer where a call cannot be forced
     */
    private record Choice(
            @Nullable String type,
            @Nullable String name,
            boolean single,
            @Nullable String only) {
        void write(JsonWriter out) {
            if (type == null) {
                return;
            }
            out.name("tool_choice").object().field("type", type);
            if (name != null) {
                out.field("name", name);
            }
            if (single && !type.equals("none")) {
                out.name("disable_parallel_tool_use").bool(true);
            }
            out.endObject();
        }
    }

    private Choice choice(boolean thinks) {
        boolean single = Boolean.FALSE.equals(request.tooling().parallel());
        ToolChoice asked = request.tooling().choice();
        boolean forced = model.can(Capability.FORCED_TOOLS) && !thinks;
        String answerTool = tools.answerTool();
        if (answerTool != null) {
            // One call, and its input is the answer: a second would be another.
            boolean alone = tools.offered().isEmpty() || asked instanceof ToolChoice.None;
            String type = !forced ? "auto" : alone ? "tool" : "any";
            return new Choice(type, forced && alone ? answerTool : null, true, null);
        }
        return switch (asked) {
            case null -> new Choice(single ? "auto" : null, null, single, null);
            case ToolChoice.Auto auto -> new Choice("auto", null, single, null);
            case ToolChoice.None none -> new Choice("none", null, false, null);
            case ToolChoice.Required required -> any(forced, single);
            case ToolChoice.Allowed allowed ->
                allowed.required() ? any(forced, single) : new Choice("auto", null, single, null);
            case ToolChoice.Named named -> {
                if (forced) {
                    yield new Choice("tool", ToolNames.fitting(named.name()), single, null);
                }
                drop(RequestField.TOOL_CHOICE);
                yield new Choice("auto", null, single, named.name());
            }
        };
    }

    private Choice any(boolean forced, boolean single) {
        if (!forced) {
            drop(RequestField.TOOL_CHOICE);
        }
        return new Choice(forced ? "any" : "auto", null, single, null);
    }

    private void drop(RequestField field) {
        if (!dropped.contains(field.title())) {
            dropped.add(field.title());
        }
    }
}
