package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One whole answer.
 *
 * @param created Unix seconds
 * @param choices in the order of their index
 * @param usage null when the provider reported none
 * @param providerFields as {@link ChatEvent.ProviderFields}; null when there are none
 */
public record ChatResponse(
        String id,
        String model,
        long created,
        List<Choice> choices,
        @Nullable Usage usage,
        @Nullable String serviceTier,
        @Nullable JsonNode providerFields) {

    public ChatResponse {
        choices = List.copyOf(choices);
    }

    /**
     * One answer of several.
     *
     * @param index 0-based
     * @param logprobs raw, in OpenAI's shape
     * @param stopSequence the one of the client's that ended it, when the provider told
     */
    public record Choice(
            int index,
            Message.Assistant message,
            FinishReason finish,
            @Nullable JsonNode logprobs,
            @Nullable String stopSequence) {
        public Choice(int index, Message.Assistant message, FinishReason finish) {
            this(index, message, finish, null, null);
        }
    }
}
