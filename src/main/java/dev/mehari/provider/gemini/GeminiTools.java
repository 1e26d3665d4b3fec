package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest.Tooling;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolChoice;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes {@code tools} and {@code toolConfig}. One instance a request. */
final class GeminiTools {
    private final JsonWriter json;
    private final Tooling tooling;
    private final GeminiPlatform platform;
    private final GeminiModel model;
    private final String provider;
    private final Collection<String> dropped;

    /** @param dropped gets what is left out for its value */
    GeminiTools(
            JsonWriter json,
            Tooling tooling,
            GeminiPlatform platform,
            GeminiModel model,
            String provider,
            Collection<String> dropped) {
        this.json = json;
        this.tooling = tooling;
        this.platform = platform;
        this.model = model;
        this.provider = provider;
        this.dropped = dropped;
    }

    /** @throws InvalidRequest a tool that the provider does not run, or not beside functions */
    void write() {
        List<Tool> tools = tooling.tools();
        if (tools.isEmpty()) {
            return;
        }
        boolean functions = tools.stream().anyMatch(Tool.Function.class::isInstance);
        boolean builtIn = tools.stream().anyMatch(Tool.BuiltIn.class::isInstance);
        if (functions && builtIn && !model.since(3)) {
            throw new InvalidRequest(
                    "unsupported_parameter",
                    "tools",
                    "tools: functions and tools that provider \"" + provider
                            + "\" runs itself go together only from Gemini 3 on");
        }
        json.name("tools").list();
        if (functions) {
            writeFunctions(tools);
        }
        for (int i = 0; i < tools.size(); i++) {
            if (tools.get(i) instanceof Tool.BuiltIn tool) {
                settings(tool);
                json.object().name(builtIn(tool, i)).object().endObject().endObject();
            }
        }
        json.endList();
        writeConfig(functions, functions && builtIn);
    }

    private void writeFunctions(List<Tool> tools) {
        json.object().name("functionDeclarations").list();
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function) {
                String description = function.description();
                json.object()
                        .field("name", FunctionName.upstream(function.name()))
                        .field("description", description == null ? "" : description);
                writeParameters(function.parameters());
                json.endObject();
            }
        }
        json.endList().endObject();
    }

    /** A function without arguments has no schema: Gemini refuses an object without properties. */
    private void writeParameters(@Nullable JsonNode schema) {
        if (schema == null || GeminiSchema.isEmptyObject(schema)) {
            return;
        }
        if (model.since(2)) {
            json.name("parametersJsonSchema").tree(schema);
        } else {
            json.name("parameters").tree(OpenApiSchema.of(schema));
        }
    }

    /** Google's tools have none of those that other APIs' have. */
    private void settings(Tool.BuiltIn tool) {
        tool.definition().properties().forEach(setting -> {
            JsonNode value = setting.getValue();
            boolean asks = !value.isNull() && !(value.isContainerNode() && value.isEmpty());
            if (asks && !setting.getKey().equals("type") && !setting.getKey().equals("name")) {
                dropped.add("tools[]." + setting.getKey());
            }
        });
    }

    private String builtIn(Tool.BuiltIn tool, int position) {
        return switch (tool.type()) {
            case "google_search", "googleSearch", "web_search", "web_search_preview" -> "googleSearch";
            case "url_context", "urlContext" -> "urlContext";
            case "code_execution", "codeExecution", "code_interpreter" -> "codeExecution";
            default ->
                throw new InvalidRequest(
                        "unsupported_value",
                        "tools[" + position + "].type",
                        "tools[" + position + "].type \"" + tool.type() + "\" is no tool that provider \"" + provider
                                + "\" runs; it has google_search, url_context and code_execution");
        };
    }

    private void writeConfig(boolean functions, boolean mixed) {
        ToolChoice choice = tooling.choice();
        if (!functions && choice != null && !(choice instanceof ToolChoice.Auto)) {
            dropped.add(RequestField.TOOL_CHOICE.title());
        }
        boolean strict = tooling.tools().stream()
                .anyMatch(tool -> tool instanceof Tool.Function function && Boolean.TRUE.equals(function.strict()));
        if (!functions || (choice == null && !strict && !mixed)) {
            return;
        }
        String free = strict || mixed ? "VALIDATED" : "AUTO";
        json.name("toolConfig").object().name("functionCallingConfig").object();
        switch (choice) {
            case null -> json.field("mode", free);
            case ToolChoice.Auto auto -> json.field("mode", free);
            case ToolChoice.None none -> json.field("mode", "NONE");
            case ToolChoice.Required required -> json.field("mode", "ANY");
            case ToolChoice.Named named -> allow("ANY", List.of(named.name()));
            // Names go with ANY and VALIDATED only.
            case ToolChoice.Allowed allowed -> allow(allowed.required() ? "ANY" : "VALIDATED", allowed.names());
        }
        json.endObject();
        if (mixed && platform == GeminiPlatform.AI_STUDIO) {
            json.name("includeServerSideToolInvocations").bool(true);
        }
        json.endObject();
    }

    private void allow(String mode, List<String> names) {
        json.field("mode", mode).name("allowedFunctionNames").list();
        names.forEach(name -> json.text(FunctionName.upstream(name)));
        json.endList();
    }
}
