package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolChoice;
import dev.mehari.provider.anthropic.AnthropicSchema;
import dev.mehari.provider.bedrock.BedrockModel.Ability;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes {@code toolConfig}: what the model may call, and what it must. One instance a request. */
final class BedrockToolConfig {
    private static final String ANYTHING = "{\"type\":\"object\",\"properties\":{}}";

    /** How far the model is to be bound. */
    private enum Bond {
        NONE,
        AUTO,
        ANY,
        NAMED
    }

    private final String provider;
    private final BedrockModel model;
    private final BedrockTools tools;
    private final ChatRequest.Tooling tooling;
    private final boolean thinks;
    private final BedrockParts parts;
    private final List<String> dropped;
    private final Set<String> called;

    private List<Tool> offered;
    private Bond bond = Bond.AUTO;
    private @Nullable String named;
    private @Nullable String instruction;

    /** @param thinks whether a model of Claude's does, which leaves no room for forced calls */
    BedrockToolConfig(
            String provider,
            ChatRequest request,
            BedrockModel model,
            BedrockTools tools,
            boolean thinks,
            BedrockParts parts,
            List<String> dropped) {
        this.provider = provider;
        this.model = model;
        this.tools = tools;
        this.tooling = request.tooling();
        this.thinks = thinks;
        this.parts = parts;
        this.dropped = dropped;
        this.called = BedrockTools.called(request);
        this.offered = tools.offered();
        bind(tooling.choice());
        bindAnswer();
    }

    private void bind(@Nullable ToolChoice choice) {
        switch (choice) {
            case null -> {}
            case ToolChoice.Auto auto -> {}
            case ToolChoice.None none -> bindNone();
            case ToolChoice.Required required -> bindAny();
            case ToolChoice.Allowed allowed -> {
                if (allowed.required()) {
                    bindAny();
                }
            }
            case ToolChoice.Named one -> {
                named = BedrockNames.tool(one.name());
                if (model.can(Ability.NAMED_TOOL) && !thinks) {
                    bond = Bond.NAMED;
                } else {
                    // Where nothing else is offered, any tool is that tool.
                    offered = offered.stream()
                            .filter(tool -> tool.name().equals(one.name()))
                            .toList();
                    bindAny();
                }
            }
        }
    }

    /** Converse has no word for it: the tools are left out, but for a history that needs them. */
    private void bindNone() {
        bond = Bond.NONE;
        if (called.isEmpty()) {
            offered = List.of();
        } else if (!model.isClaude()) {
            bond = Bond.AUTO;
            dropped.add(RequestField.TOOL_CHOICE.title());
        }
    }

    private void bindAny() {
        if (model.can(Ability.ANY_TOOL) && !thinks) {
            bond = Bond.ANY;
        } else {
            dropped.add(RequestField.TOOL_CHOICE.title());
        }
    }

    /** Our tool for the answer is called in any case, or at least asked for in words. */
    private void bindAnswer() {
        if (tools.answerTool() == null) {
            return;
        }
        if (bond == Bond.NONE) {
            offered = List.of();
        }
        boolean alone = offered.isEmpty();
        if (alone && model.can(Ability.NAMED_TOOL) && !thinks) {
            bond = Bond.NAMED;
            named = tools.answerTool();
        } else if (model.can(Ability.ANY_TOOL) && !thinks) {
            bond = Bond.ANY;
        } else {
            bond = Bond.AUTO;
            instruction = "Give your final answer by calling the tool " + tools.answerTool() + ", not as text.";
        }
    }

    /** What the model must be told in words, where it cannot be bound; null when nothing. */
    @Nullable
    String instruction() {
        return instruction;
    }

    /**
     * Claude's own {@code tool_choice}, for what Converse's cannot say; null when that is nothing.
     *
     * <p>Source: Anthropic API reference, tool_choice, read 2026-11-21.
     */
    @Nullable
    String claudeChoice() {
        boolean single = Boolean.FALSE.equals(tooling.parallel()) && !isEmpty();
        if (!model.isClaude()) {
            if (single) {
                dropped.add(RequestField.PARALLEL_TOOL_CALLS.title());
            }
            return null;
        }
        if (bond == Bond.NONE) {
            return isEmpty() ? null : "{\"type\":\"none\"}";
        }
        if (!single) {
            return null;
        }
        String which =
                switch (bond) {
                    case NONE, AUTO -> "\"auto\"";
                    case ANY -> "\"any\"";
                    case NAMED -> "\"tool\",\"name\":" + Json.quoted(String.valueOf(named));
                };
        return "{\"type\":" + which + ",\"disable_parallel_tool_use\":true}";
    }

    private boolean isEmpty() {
        return offered.isEmpty() && called.isEmpty() && tools.answerTool() == null;
    }

    /** @param chosen whether {@link #claudeChoice} says how to choose */
    void write(boolean chosen, JsonWriter out) {
        if (isEmpty()) {
            return;
        }
        out.name("toolConfig").object().name("tools").list();
        List<BedrockBlock> marks = new ArrayList<>();
        for (Tool tool : offered) {
            write(tool, out);
            if (tool instanceof Tool.Function function) {
                parts.cachePoint(function.cache(), marks);
                marks.forEach(mark -> mark.write(out));
                marks.clear();
            }
        }
        if (tools.answerTool() != null) {
            specification(
                    tools.answerTool(), "Gives the final answer.", String.valueOf(tools.answerSchema()), false, out);
        }
        if (offered.isEmpty()) {
            called.forEach(name -> specification(name, name, ANYTHING, false, out));
        }
        out.endList();
        if (!chosen) {
            choice(out);
        }
        out.endObject();
    }

    private void choice(JsonWriter out) {
        boolean asked = tooling.choice() instanceof ToolChoice.Auto && model.can(Ability.ANY_TOOL);
        switch (bond) {
            case NONE -> {}
            case AUTO -> {
                // Left out where nobody asked: not every model knows the field.
                if (asked) {
                    out.name("toolChoice").raw("{\"auto\":{}}");
                }
            }
            case ANY -> out.name("toolChoice").raw("{\"any\":{}}");
            case NAMED -> {
                out.name("toolChoice").object().name("tool").object();
                out.field("name", String.valueOf(named)).endObject().endObject();
            }
        }
    }

    private void write(Tool tool, JsonWriter out) {
        switch (tool) {
            case Tool.Function function -> function(function, out);
            case Tool.BuiltIn builtIn -> {
                if (!builtIn.type().startsWith("nova_")) {
                    throw refused("tools", "the built-in tool \"" + builtIn.type() + "\"");
                }
                out.object().name("systemTool").object();
                out.field("name", builtIn.type()).endObject().endObject();
            }
            case Tool.Custom custom -> throw refused("tools", "custom tools");
        }
    }

    private void function(Tool.Function function, JsonWriter out) {
        String name = BedrockNames.tool(function.name());
        // A description is not required, but an empty one is refused.
        String said = function.description();
        String description = said == null || said.isBlank() ? name : said;
        JsonNode strict = Boolean.TRUE.equals(function.strict()) && model.can(Ability.JSON_SCHEMA)
                ? AnthropicSchema.strict(parameters(function))
                : null;
        if (strict == null && Boolean.TRUE.equals(function.strict())) {
            dropped.add(RequestField.STRICT_TOOLS.title());
        }
        specification(
                name, description, Json.text(strict == null ? parameters(function) : strict), strict != null, out);
    }

    private JsonNode parameters(Tool.Function function) {
        JsonNode parameters = AnthropicSchema.input(function.parameters());
        if (parameters == null) {
            throw refused("tools", "parameters of the tool \"" + function.name() + "\" that are not an object");
        }
        return parameters;
    }

    private static void specification(String name, String description, String schema, boolean strict, JsonWriter out) {
        out.object().name("toolSpec").object();
        out.field("name", name).field("description", description);
        out.name("inputSchema").object().name("json").raw(schema).endObject();
        if (strict) {
            out.name("strict").bool(true);
        }
        out.endObject().endObject();
    }

    private InvalidRequest refused(String param, String what) {
        return new InvalidRequest(
                "unsupported_parameter", param, "provider \"" + provider + "\" does not take " + what);
    }
}
