package dev.mehari.dialect.messages;

import dev.mehari.chat.ChatRequest;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code thinking} and {@code output_config.effort}. */
final class ThinkingReader {
    private static final List<String> MODES = List.of("enabled", "adaptive", "disabled", "between_tools");
    private static final List<String> EFFORTS = List.of("low", "medium", "high", "xhigh", "max");
    private static final List<String> DISPLAYS = List.of("summarized", "omitted");
    private static final int LEAST_BUDGET = 1024;

    private ThinkingReader() {}

    static ChatRequest.Reasoning reasoning(Fields request, Leftovers leftovers) {
        Fields config = request.object("output_config");
        String effort = config == null ? null : oneOf(config, "effort", EFFORTS);
        Fields thinking = request.object("thinking");
        if (thinking == null) {
            return ChatRequest.Reasoning.of(effort);
        }
        leftovers.note(thinking, "thinking.", Set.of("type", "budget_tokens", "display"));
        thinking.need("type");
        String mode = oneOf(thinking, "type", MODES);
        Integer budget = thinking.integer("budget_tokens", LEAST_BUDGET, Integer.MAX_VALUE);
        if ("enabled".equals(mode) && budget == null) {
            throw BadField.missing(thinking.path("budget_tokens"));
        }
        Integer maxTokens = request.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (budget != null && maxTokens != null && budget >= maxTokens) {
            throw BadField.invalid(
                    "max_tokens",
                    "Invalid 'max_tokens': it must be greater than 'thinking.budget_tokens'.",
                    "invalid_value");
        }
        return new ChatRequest.Reasoning(effort, mode, budget, oneOf(thinking, "display", DISPLAYS));
    }

    private static @Nullable String oneOf(Fields object, String name, List<String> words) {
        String word = object.string(name);
        if (word != null && !words.contains(word)) {
            throw BadField.unknownValue(object.path(name), word, words);
        }
        return word;
    }
}
