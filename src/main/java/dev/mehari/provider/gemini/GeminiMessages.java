package dev.mehari.provider.gemini;

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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a conversation as {@code systemInstruction} and {@code contents}: turns of {@code user} and {@code model},
 * neighbours of one role as one, results of functions in a turn of their own and in the order of their calls. One instance
 * a request.
 */
final class GeminiMessages {
    private static final String USER = "user";
    private static final String MODEL = "model";

    private final JsonWriter json;
    private final List<Message> messages;
    private final GeminiPlatform platform;
    private final GeminiModel model;
    private final ThoughtSignatures signatures;
    private final GeminiMedia media;
    private final Set<String> dropped;

    /** By the call's id: the function, and which of all calls it is. */
    private final Map<String, Called> calls = new LinkedHashMap<>();

    /** Leading instructions, which go apart. */
    private final int leading;

    private @Nullable String role;
    private boolean anyTurn;
    private boolean anyCallInTurn;

    private record Called(String function, int position) {}

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
        this.platform = platform;
        this.model = model;
        this.signatures = signatures;
        this.media = media;
        this.dropped = dropped;
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
                case Message.Instructions instructions -> writeContent(USER, instructions.content(), i);
                case Message.User user -> writeContent(USER, user.content(), i);
                case Message.Assistant assistant -> writeAnswer(assistant, i);
                case Message.ToolResult first -> i = writeResults(i);
            }
        }
        closeTurn();
        if (!anyTurn) {
            blankTurn();
        }
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
            case ContentPart.Text text -> part(role).field("text", text.text()).endObject();
            case ContentPart.Image image -> {
                part(role);
                media.image(image, path);
                json.endObject();
            }
            case ContentPart.Document document -> {
                part(role);
                media.document(document, path);
                json.endObject();
            }
            case ContentPart.Audio sound -> {
                part(role);
                media.sound(sound, path);
                json.endObject();
            }
            case ContentPart.Opaque opaque -> {
                if (opaque.protocol().equals("gemini")) {
                    turn(role);
                    json.tree(opaque.block());
                }
            }
        }
    }

    private void writeAnswer(Message.Assistant answer, int message) {
        List<AssistantPart> parts = answer.content();
        String sealed = textSignature(parts);
        int lastText = lastText(parts);
        for (int i = 0; i < parts.size(); i++) {
            switch (parts.get(i)) {
                case ContentPart.Text text -> {
                    part(MODEL).field("text", text.text());
                    if (sealed != null && i == lastText) {
                        json.field("thoughtSignature", sealed);
                    }
                    json.endObject();
                }
                case ContentPart part -> writePart(MODEL, part, "messages[" + message + "].content[" + i + "]");
                case AssistantPart.Refusal refusal ->
                    part(MODEL).field("text", refusal.text()).endObject();
                case AssistantPart.Reasoning thought -> writeThought(thought);
                case AssistantPart.RedactedReasoning hidden -> {
                    // Another provider's; the table of fields says so.
                }
                case ToolCall call -> writeCall(call);
            }
        }
        if (sealed != null && lastText < 0 && MODEL.equals(role)) {
            part(MODEL).field("text", "").field("thoughtSignature", sealed).endObject();
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
            part(MODEL).field("text", thought.text());
            json.name("thought").bool(true).field("thoughtSignature", signature).endObject();
        }
    }

    private void writeCall(ToolCall call) {
        String function = FunctionName.upstream(call.name());
        calls.put(call.id(), new Called(function, calls.size()));
        part(MODEL).name("functionCall").object();
        if (platform.numbersCalls(model)) {
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
        anyCallInTurn = true;
    }

    private @Nullable String signature(ToolCall call) {
        String signature = call.signature() == null ? signatures.find(call.id()) : call.signature();
        boolean needed = signature == null && model.since(3) && !anyCallInTurn;
        return needed ? ThoughtSignatures.PLACEHOLDER : signature;
    }

    /**
     * Writes the results that stand together from there on.
     *
     * @return the last of them
     */
    private int writeResults(int first) {
        List<Integer> together = new ArrayList<>();
        for (int i = first; i < messages.size() && messages.get(i) instanceof Message.ToolResult; i++) {
            together.add(i);
        }
        int last = together.getLast();
        together.sort(Comparator.comparingInt(message -> called(message).position()));
        closeTurn();
        together.forEach(message -> writeResult(result(message), message));
        if (!model.since(3)) {
            together.forEach(message -> writeMedia(USER, result(message).content(), message));
        }
        // Its parts must be as many as the calls: what the user says next does not belong in here.
        closeTurn();
        return last;
    }

    private Message.ToolResult result(int message) {
        return (Message.ToolResult) messages.get(message);
    }

    private Called called(int message) {
        Called called = calls.get(result(message).callId());
        if (called == null) {
            throw new InvalidRequest(
                    "invalid_value",
                    "messages[" + message + "].tool_call_id",
                    "messages[" + message + "].tool_call_id answers no call of the messages before it");
        }
        return called;
    }

    private void writeResult(Message.ToolResult result, int message) {
        part(USER).name("functionResponse").object();
        if (platform.numbersCalls(model)) {
            json.field("id", result.callId());
        }
        json.field("name", called(message).function()).name("response");
        String text = result.text();
        boolean object = Json.isObject(text);
        if (object && !result.isError()) {
            json.raw(text);
        } else {
            json.object().name(result.isError() ? "error" : "content");
            if (object) {
                json.raw(text);
            } else {
                json.text(text);
            }
            json.endObject();
        }
        if (model.since(3) && hasMedia(result)) {
            json.name("parts").list();
            writeMedia(null, result.content(), message);
            json.endList();
        }
        json.endObject().endObject();
    }

    private static boolean hasMedia(Message.ToolResult result) {
        return result.content().stream().anyMatch(part -> !(part instanceof ContentPart.Text));
    }

    /** @param role null: they stand inside another part */
    private void writeMedia(@Nullable String role, List<ContentPart> parts, int message) {
        for (int i = 0; i < parts.size(); i++) {
            String path = "messages[" + message + "].content[" + i + "]";
            switch (parts.get(i)) {
                case ContentPart.Image image -> {
                    begin(role);
                    media.image(image, path);
                    json.endObject();
                }
                case ContentPart.Document document -> {
                    begin(role);
                    media.document(document, path);
                    json.endObject();
                }
                case ContentPart.Audio sound -> {
                    begin(role);
                    media.sound(sound, path);
                    json.endObject();
                }
                case ContentPart.Text text -> {
                    // In the response.
                }
                case ContentPart.Opaque opaque -> {
                    // Another protocol's.
                }
            }
        }
    }

    private void begin(@Nullable String role) {
        if (role == null) {
            json.object();
        } else {
            part(role);
        }
    }

    private JsonWriter part(String role) {
        turn(role);
        return json.object();
    }

    private void turn(String wanted) {
        if (wanted.equals(role)) {
            return;
        }
        closeTurn();
        if (!anyTurn && wanted.equals(MODEL)) {
            blankTurn();
        }
        json.object().field("role", wanted).name("parts").list();
        role = wanted;
        anyTurn = true;
        anyCallInTurn = false;
    }

    private void closeTurn() {
        if (role != null) {
            json.endList().endObject();
            role = null;
        }
    }

    /** A conversation begins with the user, and holds something of theirs. */
    private void blankTurn() {
        json.object().field("role", USER).name("parts").list();
        json.object().field("text", " ").endObject().endList().endObject();
        anyTurn = true;
    }
}
