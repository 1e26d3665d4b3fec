package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a conversation as {@code systemInstruction} and {@code contents}: turns of {@code user} and {@code model},
 * neighbours of one role as one, results of functions in a turn of their own and in the order of their calls. One instance
 * a request.
 */
final class GeminiMessages {
    private final JsonWriter json;
    private final List<Message> messages;
    private final GeminiModel model;
    private final ThoughtSignatures signatures;
    private final GeminiMedia media;
    private final Set<String> dropped;

    private final GeminiTurns turns;
    private final GeminiResults results;
    private final boolean numbered;

    /** Leading instructions, which go apart. */
    private final int leading;

    /** @param dropped gets what is left out for its value */
    GeminiMessages(
            JsonWriter json,
            ChatRequest request,
            GeminiPlatform platform,
            GeminiModel model,
            ThoughtSignatures signatures,
            GeminiMedia media,
            Set<String> dropped) {
        this.json = json;
        this.messages = request.messages();
        this.model = model;
        this.signatures = signatures;
        this.media = media;
        this.dropped = dropped;
        this.numbered = platform.numbersCalls(model);
        this.turns = new GeminiTurns(json);
        this.results = new GeminiResults(json, turns, messages, model, numbered, media);
        int first = 0;
        while (!model.isGemma() && first < messages.size() && messages.get(first) instanceof Message.Instructions) {
            first++;
        }
        this.leading = first;
    }

    /** @param formatInWords what the model must be told about the answer's form; null: nothing */
    void writeSystem(@Nullable String formatInWords) {
        List<String> texts = new ArrayList<>();
        for (Message message : messages.subList(0, leading)) {
            for (AssistantPart part : message.content()) {
                if (part instanceof ContentPart.Text text) {
                    texts.add(text.text());
                }
            }
        }
        if (formatInWords != null) {
            texts.add(formatInWords);
        }
        if (!texts.isEmpty()) {
            json.name("systemInstruction").object().name("parts").list();
            texts.forEach(text -> json.object().field("text", text).endObject());
            json.endList().endObject();
        }
    }

    /** @throws InvalidRequest a part that the provider does not take, or a result of no call */
    void writeContents() {
        json.name("contents").list();
        for (int i = leading; i < messages.size(); i++) {
            switch (messages.get(i)) {
                case Message.Instructions instructions -> writeContent(GeminiTurns.USER, instructions.content(), i);
                case Message.User user -> writeContent(GeminiTurns.USER, user.content(), i);
                case Message.Assistant assistant -> writeAnswer(assistant, i);
                case Message.ToolResult first -> i = results.write(i);
            }
        }
        turns.end();
        json.endList();
    }

    private void writeContent(String role, List<? extends AssistantPart> parts, int message) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof ContentPart part) {
                writePart(role, part, "messages[" + message + "].content[" + i + "]");
            }
        }
    }

    private void writePart(String role, ContentPart part, String path) {
        switch (part) {
            case ContentPart.Text text ->
                turns.part(role).field("text", text.text()).endObject();
            case ContentPart.Image image -> {
                turns.part(role);
                media.image(image, path);
                json.endObject();
            }
            case ContentPart.Document document -> {
                told(document, role);
                turns.part(role);
                media.document(document, path);
                json.endObject();
            }
            case ContentPart.Audio sound -> {
                turns.part(role);
                media.sound(sound, path);
                json.endObject();
            }
            case ContentPart.Opaque opaque -> {
                if (opaque.protocol().equals("gemini")) {
                    turns.enter(role);
                    json.tree(opaque.block());
                }
            }
        }
    }

    /** Anthropic's context of a document is told in words before it; that it may be cited has no equal here. */
    private void told(ContentPart.Document document, String role) {
        JsonNode context = document.extras().get("context");
        if (context != null) {
            turns.part(role).field("text", context.asText()).endObject();
        }
        JsonNode citations = document.extras().get("citations");
        if (citations != null && citations.path("enabled").asBoolean()) {
            dropped.add("messages[].content[].citations");
        }
    }

    private void writeAnswer(Message.Assistant answer, int message) {
        List<AssistantPart> parts = answer.content();
        String sealed = textSignature(parts);
        int lastText = lastText(parts);
        for (int i = 0; i < parts.size(); i++) {
            switch (parts.get(i)) {
                case ContentPart.Text text -> {
                    turns.part(GeminiTurns.MODEL).field("text", text.text());
                    if (sealed != null && i == lastText) {
                        json.field("thoughtSignature", sealed);
                    }
                    json.endObject();
                }
                case ContentPart part ->
                    writePart(GeminiTurns.MODEL, part, "messages[" + message + "].content[" + i + "]");
                case AssistantPart.Refusal refusal ->
                    turns.part(GeminiTurns.MODEL).field("text", refusal.text()).endObject();
                case AssistantPart.Reasoning thought -> writeThought(thought);
                case AssistantPart.RedactedReasoning hidden -> {
                    // Another provider's; the table of fields says so.
                }
                case ToolCall call -> writeCall(call);
            }
        }
        if (sealed != null && lastText < 0 && turns.isIn(GeminiTurns.MODEL)) {
            turns.part(GeminiTurns.MODEL)
                    .field("text", "")
                    .field("thoughtSignature", sealed)
                    .endObject();
        }
    }

    /** What came with a text, and stands in an empty block of reasoning since. */
    private static @Nullable String textSignature(List<AssistantPart> parts) {
        String signature = null;
        for (AssistantPart part : parts) {
            if (part instanceof AssistantPart.Reasoning thought
                    && thought.text().isEmpty()) {
                String own = ThoughtSignatures.own(thought.signature());
                signature = own == null ? signature : own;
            }
        }
        return signature;
    }

    private static int lastText(List<AssistantPart> parts) {
        int last = -1;
        for (int i = 0; i < parts.size(); i++) {
            last = parts.get(i) instanceof ContentPart.Text ? i : last;
        }
        return last;
    }

    private void writeThought(AssistantPart.Reasoning thought) {
        String signature = ThoughtSignatures.own(thought.signature());
        if (signature == null) {
            dropped.add(
                    thought.signature() == null
                            ? RequestField.REASONING_HISTORY.title()
                            : RequestField.REASONING_SIGNATURE.title());
        } else if (!thought.text().isEmpty()) {
            turns.part(GeminiTurns.MODEL).field("text", thought.text());
            json.name("thought").bool(true).field("thoughtSignature", signature).endObject();
        }
    }

    private void writeCall(ToolCall call) {
        String function = FunctionName.upstream(call.name());
        results.expect(call.id(), function);
        turns.part(GeminiTurns.MODEL).name("functionCall").object();
        if (numbered) {
            json.field("id", call.id());
        }
        json.field("name", function).name("args");
        if (call.custom()) {
            json.object().field("input", call.arguments()).endObject();
        } else if (Json.isObject(call.arguments())) {
            json.raw(call.arguments());
        } else {
            // Gemini takes an object only. A model's own broken words of before are no reason to refuse the next turn.
            json.object().field("_raw", call.arguments()).endObject();
        }
        json.endObject();
        String signature = signature(call);
        if (signature != null) {
            json.field("thoughtSignature", signature);
        }
        json.endObject();
        turns.called();
    }

    private @Nullable String signature(ToolCall call) {
        String signature = call.signature() == null ? signatures.find(call.id()) : call.signature();
        boolean needed = signature == null && model.since(3) && !turns.hasCall();
        return needed ? ThoughtSignatures.PLACEHOLDER : signature;
    }
}
