package dev.mehari.provider.bedrock;

import dev.mehari.chat.Sha256;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolNames;
import java.util.List;

/**
 * Names of tools and ids of calls as Converse takes them. What fits stays; for the rest the same input gives the same
 * output, so that a call and its result still belong together. Mistral's models want ids of exactly nine letters or
 * digits.
 */
final class BedrockNames {
    private static final int MISTRAL = 9;

    private BedrockNames() {}

    static String tool(String name) {
        return ToolNames.fitting(name);
    }

    /** The name by which the client knows the tool that the model calls so. */
    static String original(String name, List<Tool> tools) {
        Tool tool = ToolNames.isMade(name) ? ToolNames.find(name, tools) : null;
        return tool == null ? name : tool.name();
    }

    static String call(String id, BedrockModel model) {
        if (!model.can(BedrockModel.Ability.SHORT_IDS)) {
            return ToolNames.fitting(id);
        }
        return isShort(id) ? id : Sha256.hex(id).substring(0, MISTRAL);
    }

    private static boolean isShort(String id) {
        return id.length() == MISTRAL && id.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
    }
}
