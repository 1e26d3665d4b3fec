package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads reasoning that clients send back. None of it is OpenAI's: {@code thinking_blocks} (LiteLLM) carries signatures
 * and wins over {@code reasoning_content} (DeepSeek, vLLM) and {@code reasoning} (OpenRouter), which say the same
 * without. What is misshaped is left out rather than refused: the turn is in the past.
 */
final class ReasoningReader {
    private ReasoningReader() {}

    static List<AssistantPart> reasoning(Fields message) {
        List<AssistantPart> blocks = blocks(message.get("thinking_blocks"));
        if (!blocks.isEmpty()) {
            return blocks;
        }
        String text = text(message.get("reasoning_content"));
        text = text.isEmpty() ? text(message.get("reasoning")) : text;
        return text.isEmpty() ? List.of() : List.of(AssistantPart.Reasoning.of(text));
    }

    private static List<AssistantPart> blocks(@Nullable JsonNode array) {
        List<AssistantPart> blocks = new ArrayList<>();
        if (array == null || !array.isArray()) {
            return blocks;
        }
        for (JsonNode block : array) {
            switch (text(block.get("type"))) {
                case "thinking" -> {
                    String signature = text(block.get("signature"));
                    blocks.add(new AssistantPart.Reasoning(
                            null, text(block.get("thinking")), signature.isEmpty() ? null : signature));
                }
                case "redacted_thinking" -> blocks.add(new AssistantPart.RedactedReasoning(text(block.get("data"))));
                default -> {
                    // A kind of block that came after this was written.
                }
            }
        }
        return blocks;
    }

    private static String text(@Nullable JsonNode node) {
        return node != null && node.isTextual() ? node.textValue() : "";
    }
}
