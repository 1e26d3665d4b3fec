package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest.Reasoning;
import dev.mehari.chat.JsonWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code thinkingConfig}: a level or a budget of tokens, as the model has it, never both. Source: protocols page of
 * Gemini §6; the budgets of low, medium and high are Google's own mapping.
 */
final class GeminiThinking {
    private GeminiThinking() {}

    /**
     * @param own what the client says in Gemini's own words, which wins; null: nothing
     * @return whether what was asked for could be said; nothing asked for always can
     */
    static boolean write(JsonWriter json, Reasoning reasoning, @Nullable JsonNode own, GeminiModel model) {
        if (own != null) {
            json.name("thinkingConfig").tree(own);
            return true;
        }
        String effort = reasoning.effort();
        boolean disabled = "disabled".equals(reasoning.mode()) || "none".equals(effort);
        boolean asked = effort != null || reasoning.mode() != null || reasoning.budgetTokens() != null;
        if (!asked && reasoning.summary() == null) {
            return true;
        }
        if (model.thinking() == GeminiModel.Thinking.NONE) {
            return disabled || !asked;
        }
        json.name("thinkingConfig").object();
        if (asked && model.thinking() == GeminiModel.Thinking.BUDGET) {
            json.name("thinkingBudget").number(budget(reasoning, disabled, model));
        } else if (asked && !(effort == null && reasoning.budgetTokens() == null && !disabled)) {
            json.field("thinkingLevel", level(reasoning, disabled, model));
        }
        if (!disabled && !"omitted".equals(reasoning.summary())) {
            json.name("includeThoughts").bool(true);
        }
        json.endObject();
        return true;
    }

    /** Tokens; -1 leaves it to the model. */
    private static int budget(Reasoning reasoning, boolean disabled, GeminiModel model) {
        int least = Integer.parseInt(model.least());
        int most = Integer.parseInt(model.most());
        if (disabled) {
            return least;
        }
        Integer tokens = reasoning.budgetTokens();
        if (tokens != null) {
            return Math.clamp(tokens, least, most);
        }
        String effort = reasoning.effort();
        return switch (effort) {
            case "minimal" -> 512;
            case "low" -> 1024;
            case "medium" -> 8192;
            case "high" -> 24576;
            case "xhigh", "max" -> most;
            case null, default -> -1;
        };
    }

    private static String level(Reasoning reasoning, boolean disabled, GeminiModel model) {
        if (disabled) {
            return model.least();
        }
        String effort = reasoning.effort();
        Integer tokens = reasoning.budgetTokens();
        String asked =
                effort != null ? effort : tokens == null || tokens > 12_288 ? "high" : tokens > 2048 ? "medium" : "low";
        return switch (asked) {
            case "minimal" -> model.least();
            case "xhigh", "max" -> model.most();
            default -> asked.toUpperCase(Locale.ROOT);
        };
    }
}
