package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A Responses stream as a client gets it, held to its order: what strict clients (Codex CLI, the SDKs' helpers) insist
 * on. The numbers are those of the checklist in the protocol page.
 */
public final class ResponsesStream {
    private static final Set<String> LAST =
            Set.of("response.completed", "response.incomplete", "response.failed", "error");

    private final List<JsonNode> items = new ArrayList<>();
    private final StringBuilder deltas = new StringBuilder();
    private String open = "";
    private int openIndex = -1;

    private ResponsesStream() {}

    /** The events of a stream, as JSON, once they have been found in order. */
    public static List<JsonNode> check(String stream) {
        List<JsonNode> events = new ArrayList<>();
        assertThat(stream).endsWith("\n\n");
        for (String record : stream.split("\n\n")) {
            // 8: both lines, and the type in both. A comment that keeps the connection stands before either.
            String[] lines =
                    record.lines().filter(line -> !line.startsWith(":")).toArray(String[]::new);
            assertThat(lines).as(record).hasSize(2);
            JsonNode event = ErrorCheck.tree(lines[1].substring("data: ".length()));
            assertThat(lines[0]).isEqualTo("event: " + event.path("type").asText());
            // 1: numbered without gaps.
            assertThat(event.path("sequence_number").asInt(-1)).isEqualTo(events.size());
            events.add(event);
        }
        ResponsesStream life = new ResponsesStream();
        events.forEach(life::take);
        life.checkEnds(events);
        return events;
    }

    private void take(JsonNode event) {
        String type = event.path("type").asText();
        switch (type) {
            case "response.output_item.added" -> {
                assertThat(open).as("one item at a time").isEmpty();
                open = event.at("/item/id").asText();
                openIndex = event.path("output_index").asInt();
                assertThat(openIndex).isEqualTo(items.size());
                deltas.setLength(0);
            }
            case "response.output_item.done" -> {
                assertThat(event.at("/item/id").asText()).isEqualTo(open);
                assertThat(event.path("output_index").asInt()).isEqualTo(openIndex);
                items.add(event.path("item"));
                open = "";
            }
            default -> {
                if (event.has("item_id")) {
                    // 3: everything of an item stands between its added and its done.
                    assertThat(event.path("item_id").asText()).as(type).isEqualTo(open);
                    assertThat(event.path("output_index").asInt()).isEqualTo(openIndex);
                }
                pieces(type, event);
            }
        }
    }

    /** 7: the whole at the end is the sum of the pieces. */
    private void pieces(String type, JsonNode event) {
        if (type.endsWith(".delta")) {
            deltas.append(event.path("delta").asText());
        } else if (type.endsWith("_part.added")) {
            deltas.setLength(0);
        } else if (event.has("item_id") && type.endsWith(".done") && !type.endsWith("_part.done")) {
            for (String field : List.of("text", "refusal", "arguments", "input")) {
                if (event.has(field)) {
                    assertThat(event.path(field).asText()).as(type).isEqualTo(deltas.toString());
                }
            }
        }
    }

    private void checkEnds(List<JsonNode> events) {
        List<String> types =
                events.stream().map(event -> event.path("type").asText()).toList();
        assertThat(types.stream().filter(LAST::contains)).as("one end").hasSize(1);
        assertThat(LAST).contains(types.getLast());
        if (types.getLast().equals("error")) {
            return;
        }
        assertThat(types).startsWith("response.created", "response.in_progress");
        // 2: one id.
        Set<String> ids = new HashSet<>();
        events.forEach(event -> {
            if (event.has("response")) {
                ids.add(event.at("/response/id").asText());
            }
        });
        assertThat(ids).hasSize(1);
        JsonNode response = events.getLast().path("response");
        if (!types.getLast().equals("response.failed")) {
            assertThat(open).as("every item is closed").isEmpty();
            // 4: all items again.
            List<JsonNode> output = new ArrayList<>();
            response.path("output").forEach(output::add);
            assertThat(output).isEqualTo(items);
        }
        checkObject(response);
    }

    /** 5 and 6: what typed clients insist on. */
    public static void checkObject(JsonNode response) {
        assertThat(response.at("/text/format/type").isTextual()).isTrue();
        for (String name : List.of(
                "id", "object", "created_at", "status", "model", "output", "tools", "tool_choice", "metadata")) {
            assertThat(response.hasNonNull(name)).as(name).isTrue();
        }
        for (String name : List.of("error", "incomplete_details", "usage", "instructions", "temperature", "top_p")) {
            assertThat(response.has(name)).as(name).isTrue();
        }
        if (response.hasNonNull("usage")) {
            assertThat(response.at("/usage/input_tokens_details/cached_tokens").isInt())
                    .isTrue();
            assertThat(response.at("/usage/output_tokens_details/reasoning_tokens")
                            .isInt())
                    .isTrue();
        }
    }
}
