package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolNames;
import dev.mehari.provider.anthropic.AnthropicSchema;
import dev.mehari.provider.bedrock.BedrockModel.Ability;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tools a request offers, and how its answer gets the form it must have: by the model's own means, or by a tool of
 * ours whose input is the answer. Encoder and decoders come to the same out of the same request. Immutable.
 *
 * @param offered the client's tools, but for those that its choice leaves out
 * @param schema of {@code outputConfig.textFormat}; null: no such thing
 * @param answerTool the name of our tool; null when there is none
 * @param answerSchema its input
 */
record BedrockTools(
        List<Tool> offered,
        @Nullable JsonNode schema,
        @Nullable String answerTool,
        @Nullable JsonNode answerSchema) {

    static BedrockTools of(ChatRequest request, BedrockModel model) {
        List<Tool> offered = request.tooling().offered();
        if (!(request.output().format() instanceof ResponseFormat.JsonSchema format)) {
            return new BedrockTools(offered, null, null, null);
        }
        JsonNode strict = model.can(Ability.JSON_SCHEMA) ? AnthropicSchema.strict(format.schema()) : null;
        if (strict != null) {
            return new BedrockTools(offered, strict, null, null);
        }
        // Who must call a tool gives no answer: its form can wait until the next turn.
        JsonNode input = request.tooling().mustCall() ? null : AnthropicSchema.input(format.described());
        return new BedrockTools(
                offered, null, input == null ? null : ToolNames.unlike("json", "_answer", offered), input);
    }

    /** Names of the tools that earlier turns have called: Converse wants them declared, also when the client does not. */
    static Set<String> called(ChatRequest request) {
        Set<String> names = new LinkedHashSet<>();
        for (Message message : request.messages()) {
            if (message instanceof Message.Assistant assistant) {
                for (ToolCall call : assistant.toolCalls()) {
                    names.add(BedrockNames.tool(call.name()));
                }
            }
        }
        return names;
    }
}
