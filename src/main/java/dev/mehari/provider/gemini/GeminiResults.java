package dev.mehari.provider.gemini;

import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what functions have given back: those that stand together in a turn of their own, in the order of their calls.
 * One instance a request.
 */
final class GeminiResults {
    private final JsonWriter json;
    private final GeminiTurns turns;
    private final List<Message> messages;
    private final GeminiModel model;
    private final boolean numbered;
    private final GeminiMedia media;

    /** By the call's id: the function, and which of all calls it is. */
    private final Map<String, Called> calls = new HashMap<>();

    private record Called(String function, int position) {}

    /** @param numbered whether results name their calls by id too */
    GeminiResults(
            JsonWriter json,
            GeminiTurns turns,
            List<Message> messages,
            GeminiModel model,
            boolean numbered,
            GeminiMedia media) {
        this.json = json;
        this.turns = turns;
        this.messages = messages;
        this.model = model;
        this.numbered = numbered;
        this.media = media;
    }

    /** A function was called, whose result is to come. */
    void expect(String callId, String function) {
        calls.put(callId, new Called(function, calls.size()));
    }

    /**
     * Writes the results that stand together from there on.
     *
     * @return the last of them
     */
    int write(int first) {
        List<Integer> together = new ArrayList<>();
        for (int i = first; i < messages.size() && messages.get(i) instanceof Message.ToolResult; i++) {
            together.add(i);
        }
        int last = together.getLast();
        together.sort(Comparator.comparingInt(message -> called(message).position()));
        turns.close();
        together.forEach(message -> writeResult(result(message), message));
        if (!model.since(3)) {
            together.forEach(
                    message -> writeMedia(GeminiTurns.USER, result(message).content(), message));
        }
        // Its parts must be as many as the calls: what the user says next does not belong in here.
        turns.close();
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
        turns.part(GeminiTurns.USER).name("functionResponse").object();
        if (numbered) {
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
            turns.part(role);
        }
    }
}
