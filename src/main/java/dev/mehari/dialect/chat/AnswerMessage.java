package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Json;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.dialect.ProviderBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an answer's message, sorted into the fields that Chat Completions has for them: this dialect knows no
 * order between text, reasoning and calls.
 */
record AnswerMessage(
        @Nullable String text,
        @Nullable String refusal,
        List<AssistantPart> thoughts,
        List<ToolCall> calls,
        List<JsonNode> annotations,
        List<ContentPart.Image> images,
        ContentPart.@Nullable Audio audio,
        List<ProviderBlock> others) {

    static AnswerMessage of(Message.Assistant message) {
        StringBuilder refusal = new StringBuilder();
        List<AssistantPart> thoughts = new ArrayList<>();
        List<JsonNode> annotations = new ArrayList<>();
        List<ContentPart.Image> images = new ArrayList<>();
        ContentPart.Audio audio = null;
        List<ProviderBlock> others = new ArrayList<>(0);
        for (AssistantPart part : message.content()) {
            switch (part) {
                case ContentPart.Text text -> annotations.addAll(text.annotations());
                case AssistantPart.Refusal piece -> refusal.append(piece.text());
                case AssistantPart.Reasoning thought -> thoughts.add(thought);
                case AssistantPart.RedactedReasoning thought -> thoughts.add(thought);
                case ToolCall call -> {
                    // toolCalls() has them all.
                }
                case ContentPart.Image image -> images.add(image);
                case ContentPart.Audio sound -> audio = sound;
                case ContentPart.Document document -> others.add(ProviderBlock.of(document));
                case ContentPart.Opaque block -> others.add(ProviderBlock.of(block));
            }
        }
        String text = message.text();
        boolean silent = text.isEmpty() && (!message.toolCalls().isEmpty() || !refusal.isEmpty() || audio != null);
        return new AnswerMessage(
                silent ? null : text,
                refusal.isEmpty() ? null : refusal.toString(),
                thoughts,
                message.toolCalls(),
                annotations,
                images,
                audio,
                others);
    }

    /** Appends the object without its closing brace. */
    void write(boolean legacyFunctions, ByteSink out) {
        out.write("{\"role\":\"assistant\",\"content\":");
        quoteOrNull(text, out);
        out.write(",\"refusal\":");
        quoteOrNull(refusal, out);
        reasoning(out);
        if (!annotations.isEmpty()) {
            list("annotations", annotations, (node, to) -> to.write(Json.bytes(node)), out);
        }
        if (!images.isEmpty()) {
            list("images", images, Wire::image, out);
        }
        if (audio != null) {
            Json.quote(audio.base64(), out.write(",\"audio\":{\"data\":")).write(",\"format\":");
            Json.quote(audio.format(), out).write('}');
        }
        if (!others.isEmpty()) {
            list("provider_blocks", others, ProviderBlock::write, out);
        }
        // Absent when there are none: some clients take an empty list for "has tools".
        if (!calls.isEmpty() && legacyFunctions) {
            function(calls.getFirst(), out.write(",\"function_call\":"));
        } else if (!calls.isEmpty()) {
            list("tool_calls", calls, AnswerMessage::call, out);
        }
    }

    private void reasoning(ByteSink out) {
        StringBuilder shown = new StringBuilder();
        boolean sealed = false;
        for (AssistantPart thought : thoughts) {
            if (thought instanceof AssistantPart.Reasoning block) {
                shown.append(block.text());
                sealed |= block.signature() != null;
            } else {
                sealed = true;
            }
        }
        if (!shown.isEmpty()) {
            Json.quote(shown.toString(), out.write(",\"reasoning_content\":"));
        }
        // LiteLLM's field: what the provider wants back unchanged on the next turn.
        if (sealed) {
            list("thinking_blocks", thoughts, AnswerMessage::thought, out);
        }
    }

    private static void thought(AssistantPart part, ByteSink out) {
        if (part instanceof AssistantPart.Reasoning block) {
            Json.quote(block.text(), out.write("{\"type\":\"thinking\",\"thinking\":"))
                    .write(",\"signature\":");
            quoteOrNull(block.signature(), out);
            out.write('}');
        } else if (part instanceof AssistantPart.RedactedReasoning block) {
            Json.quote(block.data(), out.write("{\"type\":\"redacted_thinking\",\"data\":"))
                    .write('}');
        }
    }

    private static void call(ToolCall call, ByteSink out) {
        Json.quote(call.id(), out.write("{\"id\":"));
        if (call.custom()) {
            Json.quote(call.name(), out.write(",\"type\":\"custom\",\"custom\":{\"name\":"))
                    .write(",\"input\":");
            Json.quote(call.arguments(), out).write('}');
        } else {
            function(call, out.write(",\"type\":\"function\",\"function\":"));
        }
        Wire.signature(call.signature(), out);
        out.write('}');
    }

    private static void function(ToolCall call, ByteSink out) {
        Json.quote(call.name(), out.write("{\"name\":")).write(",\"arguments\":");
        Json.quote(call.arguments(), out).write('}');
    }

    private interface Writer<T> {
        void write(T item, ByteSink out);
    }

    private static <T> void list(String name, List<T> items, Writer<T> writer, ByteSink out) {
        out.write(",\"" + name + "\":[");
        for (int i = 0; i < items.size(); i++) {
            out.write(i == 0 ? "" : ",");
            writer.write(items.get(i), out);
        }
        out.write(']');
    }

    private static void quoteOrNull(@Nullable String text, ByteSink out) {
        if (text == null) {
            out.write("null");
        } else {
            Json.quote(text, out);
        }
    }
}
