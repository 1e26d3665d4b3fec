package dev.mehari.dialect.messages;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolIds;
import dev.mehari.dialect.ProviderBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one whole answer as a {@code message} object; of several choices the first, as this API knows one only. Source:
 * Anthropic API reference, Messages, read 2026-11-21. Stateless and thread-safe.
 */
public final class MessagesResponseWriter {
    private MessagesResponseWriter() {}

    /** Writes an answer.
     *
     * @return UTF-8 JSON */
    public static byte[] write(ChatResponse response) {
        ByteSink out = new ByteSink(1024);
        JsonWriter json = new JsonWriter(out);
        json.object()
                .field("id", MessagesWire.id(response.id()))
                .field("type", "message")
                .field("role", "assistant")
                .field("model", response.model());
        if (response.choices().isEmpty()) {
            json.name("content").list().endList();
            MessagesWire.stop("end_turn", null, null, json);
        } else {
            choice(response.choices().getFirst(), json);
        }
        MessagesWire.usage(response.usage(), response.serviceTier(), json.name("usage"));
        json.name("container").raw("null");
        MessagesWire.beyond(others(response), response.providerFields(), json);
        json.endObject();
        return out.toByteArray();
    }

    private static List<ProviderBlock> others(ChatResponse response) {
        return response.choices().isEmpty()
                ? List.of()
                : response.choices().getFirst().message().content().stream()
                        .filter(part -> part instanceof ContentPart content && MessagesWire.isOther(content))
                        .map(part -> ProviderBlock.of((ContentPart) part))
                        .toList();
    }

    private static void choice(ChatResponse.Choice choice, JsonWriter json) {
        Message.Assistant message = choice.message();
        json.name("content").list();
        message.content().forEach(part -> block(part, json));
        json.endList();
        String refusal = refusal(message.content());
        boolean called = !message.toolCalls().isEmpty();
        FinishReason finish = choice.finish();
        String reason = MessagesWire.stopReason(finish, choice.stopSequence(), called, refusal != null);
        MessagesWire.stop(reason, choice.stopSequence(), refusal, json);
    }

    private static void block(AssistantPart part, JsonWriter json) {
        switch (part) {
            case ContentPart content -> {
                if (MessagesWire.hasBlock(content)) {
                    MessagesWire.block(content, json);
                }
            }
            case AssistantPart.Refusal refusal -> MessagesWire.block(ContentPart.Text.of(refusal.text()), json);
            case AssistantPart.Reasoning thought -> {
                String signature = thought.signature();
                json.object()
                        .field("type", "thinking")
                        .field("thinking", thought.text())
                        .field("signature", signature == null ? MessagesWire.UNSIGNED : signature)
                        .endObject();
            }
            case AssistantPart.RedactedReasoning thought ->
                json.object()
                        .field("type", "redacted_thinking")
                        .field("data", thought.data())
                        .endObject();
            case ToolCall call -> {
                json.object()
                        .field("type", "tool_use")
                        .field("id", ToolIds.fitting(call.id()))
                        .field("name", call.name())
                        .name("input");
                MessagesWire.input(call.arguments(), json);
                json.endObject();
            }
        }
    }

    private static @Nullable String refusal(List<AssistantPart> parts) {
        StringBuilder text = new StringBuilder();
        for (AssistantPart part : parts) {
            if (part instanceof AssistantPart.Refusal refusal) {
                text.append(refusal.text());
            }
        }
        return text.isEmpty() ? null : text.toString();
    }
}
