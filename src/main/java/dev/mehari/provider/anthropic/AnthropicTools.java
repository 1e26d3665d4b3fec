package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolNames;
import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tools a request offers, and how its answer gets the form it must have: by the model's own means, or by a tool of
 * ours whose input is the answer. Encoder and decoders come to the same out of the same request. Immutable.
 *
 * @param offered the client's tools, but for those that its choice leaves out
 * @param schema of {@code output_config.format}; null: no such thing
 * @param answerTool the name of our tool; null when there is none
 * @param answerSchema its input
 */
record AnthropicTools(
        List<Tool> offered,
        @Nullable JsonNode schema,
        @Nullable String answerTool,
        @Nullable JsonNode answerSchema) {

    static AnthropicTools of(ChatRequest request, Model model) {
        List<Tool> offered = request.tooling().offered();
        if (!(request.output().format() instanceof ResponseFormat.JsonSchema format)) {
            return new AnthropicTools(offered, null, null, null);
        }
        JsonNode strict = model.can(Capability.JSON_SCHEMA) ? AnthropicSchema.strict(format.schema()) : null;
        if (strict != null) {
            return new AnthropicTools(offered, strict, null, null);
        }
        // Who must call a tool gives no answer: its form can wait until the next turn.
        JsonNode input = request.tooling().mustCall() ? null : AnthropicSchema.input(format.schema());
        return new AnthropicTools(
                offered, null, input == null ? null : ToolNames.unlike("json", "_answer", offered), input);
    }

    /** The tool of the client's that a call means; null when it is none of them. */
    @Nullable
    Tool called(String name) {
        return ToolNames.find(name, offered);
    }

    /**
     * Names of tools that were called in earlier turns and are not offered now, when none is: Anthropic wants calls in the
     * history to go with definitions.
     */
    List<String> remembered(List<Message> messages) {
        List<String> names = new ArrayList<>();
        if (offered.isEmpty() && answerTool == null) {
            for (Message message : messages) {
                if (message instanceof Message.Assistant assistant) {
                    for (ToolCall call : assistant.toolCalls()) {
                        String name = ToolNames.fitting(call.name());
                        if (!names.contains(name)) {
                            names.add(name);
                        }
                    }
                }
            }
        }
        return names;
    }
}
