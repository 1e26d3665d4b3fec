package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A stream of chat chunks as a client gets it, held to its order: one id, one time and one model; each choice ends once;
 * tool calls are numbered from 0 on and begin with id and name; usage stands alone; and at
 * the end either {@code [DONE]} or one error, and nothing behind it.
 */
public final class ChatStream {
    private final List<JsonNode> chunks = new ArrayList<>();
    private final Set<String> heads = new HashSet<>();
    private final Set<Integer> finished = new HashSet<>();
    private final Map<Integer, Integer> calls = new HashMap<>();
    private boolean over;

    private ChatStream() {}

    /** Checks it. @return its chunks, and the error that ends it where there is one */
    public static List<JsonNode> check(String body) {
        ChatStream stream = new ChatStream();
        assertThat(body).endsWith("\n\n");
        for (String record : body.split("\n\n")) {
            stream.record(record);
        }
        assertThat(stream.over).as("an end of " + body).isTrue();
        return stream.chunks;
    }

    private void record(String record) {
        assertThat(over).as("nothing after the end: " + record).isFalse();
        String[] lines = record.lines().filter(line -> !line.startsWith(":")).toArray(String[]::new);
        boolean named = lines.length == 2 && lines[0].equals("event: error");
        assertThat(lines).as(record).hasSize(named ? 2 : 1);
        String data = lines[lines.length - 1];
        assertThat(data).startsWith("data: ");
        if (data.equals("data: [DONE]")) {
            over = true;
            return;
        }
        JsonNode chunk = ErrorCheck.tree(data.substring(6));
        chunks.add(chunk);
        if (chunk.has("error")) {
            assertThat(chunk.at("/error/message").asText()).isNotEmpty();
            over = true;
            return;
        }
        head(chunk);
        assertThat(chunk.path("choices").isArray()).as(record).isTrue();
        chunk.path("choices").forEach(this::choice);
    }

    private void head(JsonNode chunk) {
        assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
        assertThat(chunk.path("id").asText()).isNotEmpty();
        assertThat(chunk.path("created").isIntegralNumber()).isTrue();
        heads.add(chunk.path("id").asText() + ' ' + chunk.path("created") + ' ' + chunk.path("model"));
        assertThat(heads).as("one id, time and model").hasSize(1);
    }

    private void choice(JsonNode choice) {
        int index = choice.path("index").asInt(-1);
        JsonNode delta = choice.path("delta");
        if (choice.hasNonNull("finish_reason")) {
            assertThat(finished.add(index)).as("one end a choice: " + choice).isTrue();
        }
        for (JsonNode call : delta.path("tool_calls")) {
            int known = calls.getOrDefault(index, 0);
            int number = call.path("index").asInt(-1);
            assertThat(number).as(call.toString()).isBetween(0, known);
            if (number == known) {
                assertThat(call.path("id").asText()).as("id of a new call").isNotEmpty();
                assertThat(call.at("/function/name").asText()
                                + call.at("/custom/name").asText())
                        .as("name of a new call")
                        .isNotEmpty();
                calls.put(index, known + 1);
            }
        }
    }
}
