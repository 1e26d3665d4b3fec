package dev.mehari.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of what a model said, in the order it was said: content, a refusal, reasoning or a tool call. Providers that
 * sign their reasoning want it back unchanged and in its place.
 */
public sealed interface AssistantPart
        permits ContentPart, AssistantPart.Refusal, AssistantPart.Reasoning, AssistantPart.RedactedReasoning, ToolCall {

    record Refusal(String text) implements AssistantPart {}

    /**
     * A block of reasoning.
     *
     * @param id the provider's name for the block (Responses {@code rs_…})
     * @param text what is shown of it, may be empty
     * @param signature the provider's proof over the block (Anthropic {@code signature}, Responses
     *     {@code encrypted_content}, Gemini {@code thoughtSignature})
     */
    record Reasoning(
            @Nullable String id, String text, @Nullable String signature) implements AssistantPart {
        public static Reasoning of(String text) {
            return new Reasoning(null, text, null);
        }
    }

    /** A block of reasoning that the provider hides: opaque data to send back. */
    record RedactedReasoning(String data) implements AssistantPart {}

    /** The text parts, joined. Empty when there is none. */
    static String text(List<? extends AssistantPart> parts) {
        StringBuilder text = new StringBuilder();
        for (AssistantPart part : parts) {
            if (part instanceof ContentPart.Text piece) {
                text.append(piece.text());
            }
        }
        return text.toString();
    }
}
