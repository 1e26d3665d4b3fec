package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A Messages stream as a client gets it, held to its order: one start; blocks with indexes from 0 on, one open at a time,
 * each with deltas of its own kind; a reason and counts; one stop, or one error, and nothing behind it.
 */
public final class MessagesStream {
    private final List<JsonNode> events = new ArrayList<>();
    private final StringBuilder json = new StringBuilder();
    private int blocks;
    private String open = "";
    private boolean filled;
    private boolean signed;

    private MessagesStream() {}

    /** Checks it. @return its events, pings left out */
    public static List<JsonNode> check(String body) {
        MessagesStream stream = new MessagesStream();
        assertThat(body).endsWith("\n\n");
        for (String record : body.split("\n\n")) {
            stream.record(record);
        }
        stream.order();
        return stream.events;
    }

    private void record(String record) {
        String[] lines = record.split("\n");
        assertThat(lines).as(record).hasSize(2);
        assertThat(lines[0]).startsWith("event: ");
        assertThat(lines[1]).startsWith("data: ");
        JsonNode event = ErrorCheck.tree(lines[1].substring(6));
        assertThat(event.path("type").asText()).as(record).isEqualTo(lines[0].substring(7));
        if (!lines[0].equals("event: ping")) {
            events.add(event);
        }
    }

    private void order() {
        boolean failed = type(events.getLast()).equals("error");
        assertThat(type(events.getLast())).isIn("message_stop", "error");
        if (events.size() == 1) {
            error(events.getFirst());
            return;
        }
        start(events.getFirst());
        boolean stopped = false;
        for (JsonNode event : events.subList(1, events.size() - 1)) {
            switch (type(event)) {
                case "content_block_start" -> begin(event, stopped);
                case "content_block_delta" -> delta(event);
                case "content_block_stop" -> end(event);
                case "message_delta" -> {
                    assertThat(open).as("open as the message ends").isEmpty();
                    stop(event);
                    stopped = true;
                }
                case "message_start", "message_stop", "error" -> throw new AssertionError("too early: " + event);
                default -> {
                    // One of a later version, passed on.
                }
            }
        }
        if (failed) {
            error(events.getLast());
        } else {
            assertThat(stopped).as("has a message_delta").isTrue();
        }
    }

    private static void start(JsonNode event) {
        assertThat(type(event)).isEqualTo("message_start");
        JsonNode message = event.path("message");
        assertThat(message.path("id").asText()).startsWith("msg_");
        assertThat(message.path("role").asText()).isEqualTo("assistant");
        assertThat(message.path("model").asText()).isNotEmpty();
        assertThat(message.path("content").toString()).isEqualTo("[]");
        assertThat(message.path("stop_reason").isNull()).isTrue();
        assertThat(message.at("/usage/input_tokens").isIntegralNumber()).isTrue();
        assertThat(message.at("/usage/output_tokens").isIntegralNumber()).isTrue();
    }

    private void begin(JsonNode event, boolean stopped) {
        assertThat(open).as("open before " + event).isEmpty();
        assertThat(stopped).as("a block after the reason to stop").isFalse();
        assertThat(event.path("index").asInt(-1)).isEqualTo(blocks++);
        open = event.at("/content_block/type").asText();
        assertThat(open).isNotEmpty();
        json.setLength(0);
        filled = false;
        signed = false;
    }

    private void delta(JsonNode event) {
        assertThat(event.path("index").asInt(-1)).as(event.toString()).isEqualTo(blocks - 1);
        assertThat(signed).as("something after a signature").isFalse();
        String kind = event.at("/delta/type").asText();
        switch (kind) {
            case "text_delta" -> {
                assertThat(open).isEqualTo("text");
                assertThat(event.at("/delta/text").asText()).isNotEmpty();
            }
            case "citations_delta" -> assertThat(open).isEqualTo("text");
            case "thinking_delta" -> assertThat(open).isEqualTo("thinking");
            case "signature_delta" -> {
                assertThat(open).isEqualTo("thinking");
                assertThat(event.at("/delta/signature").asText()).isNotEmpty();
                signed = true;
            }
            case "input_json_delta" -> {
                assertThat(open).endsWith("tool_use");
                json.append(event.at("/delta/partial_json").asText());
            }
            default -> throw new AssertionError("unknown delta " + event);
        }
        filled = true;
    }

    private void end(JsonNode event) {
        assertThat(event.path("index").asInt(-1)).isEqualTo(blocks - 1);
        switch (open) {
            case "text" -> assertThat(filled).as("text block that is not empty").isTrue();
            case "thinking" ->
                assertThat(signed).as("signature of a thinking block").isTrue();
            case "tool_use" ->
                assertThat(json.isEmpty() || ErrorCheck.tree(json.toString()).isObject())
                        .as("input " + json)
                        .isTrue();
            case "" -> throw new AssertionError("nothing is open at " + event);
            default -> {}
        }
        open = "";
    }

    private static void stop(JsonNode event) {
        assertThat(event.at("/delta/stop_reason").asText())
                .isIn("end_turn", "stop_sequence", "max_tokens", "tool_use", "pause_turn", "refusal");
        assertThat(event.at("/usage/output_tokens").isIntegralNumber()).isTrue();
    }

    private static void error(JsonNode event) {
        assertThat(type(event)).isEqualTo("error");
        assertThat(event.at("/error/type").asText()).isNotEmpty();
        assertThat(event.at("/error/message").asText()).isNotEmpty();
    }

    private static String type(JsonNode event) {
        return event.path("type").asText();
    }
}
