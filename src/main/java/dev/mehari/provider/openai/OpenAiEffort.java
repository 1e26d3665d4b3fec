package dev.mehari.provider.openai;

import dev.mehari.chat.ChatRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much another API's client wants the model to think, as {@code reasoning_effort}. */
final class OpenAiEffort {
    private static final int MEDIUM_BUDGET = 2000;
    private static final int HIGH_BUDGET = 8000;

    private OpenAiEffort() {}

    /** Null: nothing was asked for. */
    static @Nullable String of(ChatRequest.Reasoning reasoning, String model) {
        String effort = reasoning.effort();
        Integer budget = reasoning.budgetTokens();
        String mode = reasoning.mode();
        return switch (mode) {
            case "disabled" -> least(model);
            case "between_tools" -> effort == null ? "low" : effort;
            case "adaptive" -> effort == null ? "medium" : effort;
            case null, default -> effort == null && budget != null ? ofBudget(budget) : effort;
        };
    }

    private static String ofBudget(int tokens) {
        return tokens < MEDIUM_BUDGET ? "low" : tokens < HIGH_BUDGET ? "medium" : "high";
    }

    /** OpenAI API reference, reasoning_effort, read 2026-11-21: none came with gpt-5.1, minimal with gpt-5. */
    private static String least(String model) {
        if (model.startsWith("o1") || model.startsWith("o3") || model.startsWith("o4")) {
            return "low";
        }
        return model.equals("gpt-5") || model.startsWith("gpt-5-") ? "minimal" : "none";
    }

    /** Whether the model is one of those that do not reason, and refuse to be asked to. */
    static boolean isPlain(String model, List<String> plainModels) {
        for (String pattern : plainModels) {
            boolean matches = pattern.endsWith("*")
                    ? model.regionMatches(true, 0, pattern, 0, pattern.length() - 1)
                    : model.equalsIgnoreCase(pattern);
            if (matches) {
                return true;
            }
        }
        return false;
    }
}
