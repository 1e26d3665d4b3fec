package dev.mehari.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer read as a stream of chat chunks.
 *
 * @param chunks up to the first {@code [DONE]}; those that are JSON objects
 * @param done how many {@code [DONE]} there were
 * @param notJson the first record that is neither JSON nor {@code [DONE]}; null: there is none
 * @param afterDone the first record behind the first {@code [DONE]} that is not another one; null: there is none
 */
record ChatStream(
        Answer answer,
        EventStream events,
        List<Chunk> chunks,
        int done,
        @Nullable String notJson,
        @Nullable String afterDone) {
    /**
     * One chunk.
     *
     * @param nanos when it came
     * @param data as it came
     */
    record Chunk(long nanos, JsonNode json, String data) {
        JsonNode choice() {
            return json.path("choices").path(0);
        }

        JsonNode delta() {
            return choice().path("delta");
        }

        String content() {
            return delta().path("content").asText("");
        }

        /** Whether it brings something of the answer: text, reasoning, a refusal or a call. */
        boolean speaks() {
            return !content().isEmpty()
                    || !delta().path("reasoning_content").asText("").isEmpty()
                    || !delta().path("reasoning").asText("").isEmpty()
                    || !delta().path("refusal").asText("").isEmpty()
                    || !delta().path("tool_calls").isEmpty();
        }

        boolean finishes() {
            return choice().hasNonNull("finish_reason");
        }
    }

    static ChatStream of(Answer answer) {
        EventStream events = EventStream.of(answer);
        List<Chunk> chunks = new ArrayList<>();
        int done = 0;
        String notJson = null;
        String afterDone = null;
        for (EventStream.Event event : events.events()) {
            if (event.data().strip().equals("[DONE]")) {
                done++;
                continue;
            }
            if (done > 0) {
                afterDone = afterDone == null ? event.data() : afterDone;
                continue;
            }
            JsonNode json = tree(event.data());
            if (json.isObject()) {
                chunks.add(new Chunk(event.nanos(), json, event.data()));
            } else {
                notJson = notJson == null ? event.data() : notJson;
            }
        }
        return new ChatStream(answer, events, chunks, done, notJson, afterDone);
    }

    /** Whether it came as a stream at all. */
    boolean began() {
        return answer.status() == 200 && !chunks.isEmpty();
    }

    /** The record with which a stream says that it has failed; null: none. */
    @Nullable
    String error() {
        return chunks.stream()
                .filter(chunk -> chunk.json().hasNonNull("error"))
                .findFirst()
                .map(Chunk::data)
                .orElse(null);
    }

    /** The chunks that bring something, in order. */
    List<Chunk> spoken() {
        return chunks.stream().filter(Chunk::speaks).toList();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.content()));
        return text.toString();
    }

    /** A record's payload; a missing node when it is no JSON. */
    static JsonNode tree(String data) {
        try {
            return Json.MAPPER.readTree(data);
        } catch (JsonProcessingException notJson) {
            return Json.MAPPER.missingNode();
        }
    }
}
