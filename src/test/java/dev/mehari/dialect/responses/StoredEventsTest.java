package dev.mehari.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.Playback;
import dev.mehari.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stored response is told as the stream that it was. */
class StoredEventsTest {
    private static final String LONG =
            "Explain how a gateway keeps latency low. ".repeat(8) + "\ud83d\ude00".repeat(90);

    /** What a client heard, and the whole answer. */
    private static List<ObjectNode> live(ChatEvent... told) {
        ResponsesStreamWriter writer = new ResponsesStreamWriter(
                "resp_1", JsonObject.of("{\"model\":\"m\",\"input\":\"hi\"}".getBytes(StandardCharsets.UTF_8)));
        ByteSink out = new ByteSink(1024);
        writer.encode(new ChatEvent.Start("up", "m", 1_765_000_000), out);
        for (ChatEvent event : told) {
            writer.encode(event, out);
        }
        writer.encode(new ChatEvent.End(), out);
        List<ObjectNode> events = new ArrayList<>();
        for (String line : new String(out.take(), StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("data: ")) {
                events.add((ObjectNode) Json.tree(line.substring(6).getBytes(StandardCharsets.UTF_8)));
            }
        }
        return events;
    }

    private static List<ObjectNode> replayed(JsonNode response, int after) {
        Heard heard = new Heard();
        source(response, after).start(heard);
        assertThat(heard.ended).isTrue();
        return heard.events;
    }

    private static Playback source(JsonNode response, int after) {
        return new Playback(new StoredEvents(response, after), Playback.Timer.NONE);
    }

    private static class Heard implements EventSink {
        final List<ObjectNode> events = new ArrayList<>();
        boolean ended;

        @Override
        public void accept(ChatEvent event) {
            switch (event) {
                case ChatEvent.Frame frame -> {
                    ObjectNode json = (ObjectNode) Json.tree(frame.bytes());
                    assertThat(json.path("type").asText()).isEqualTo(frame.name());
                    events.add(json);
                }
                case ChatEvent.End end -> ended = true;
                default -> throw new AssertionError(event);
            }
        }
    }

    /** Without numbers, pieces of one text put together. */
    private static List<ObjectNode> joined(List<ObjectNode> events) {
        List<ObjectNode> joined = new ArrayList<>();
        for (ObjectNode event : events) {
            ObjectNode plain = event.deepCopy().without("sequence_number");
            ObjectNode before = joined.isEmpty() ? plain : joined.getLast();
            if (plain.has("delta") && before != plain && sameText(before, plain)) {
                before.put(
                        "delta",
                        before.path("delta").asText() + plain.path("delta").asText());
            } else {
                joined.add(plain);
            }
        }
        return joined;
    }

    private static boolean sameText(ObjectNode one, ObjectNode other) {
        return one.deepCopy().without("delta").equals(other.deepCopy().without("delta"));
    }

    @Test
    void itTellsWhatTheStreamToldInTheSameOrder() {
        List<ObjectNode> live = live(
                new ChatEvent.ReasoningDelta(0, "Let me ", null),
                new ChatEvent.ReasoningDelta(0, "think.", null),
                new ChatEvent.TextDelta(0, LONG),
                new ChatEvent.Annotation(
                        0,
                        Json.MAPPER
                                .createObjectNode()
                                .put("type", "url_citation")
                                .put("url", "https://a.example")),
                new ChatEvent.RefusalDelta(0, "But no."),
                new ChatEvent.ToolCallStart(0, 0, "call_1", "weather", false, null),
                new ChatEvent.ToolCallDelta(0, 0, "{\"city\":"),
                new ChatEvent.ToolCallDelta(0, 0, "\"Rome\"}"),
                new ChatEvent.ToolCallStart(0, 1, "call_2", "note", true, null),
                new ChatEvent.ToolCallDelta(0, 1, "free text"),
                new ChatEvent.Finish(0, FinishReason.TOOL_CALLS, null),
                new ChatEvent.UsageReport(Usage.of(7L, 5L), null));
        JsonNode whole = live.getLast().path("response");

        assertThat(joined(replayed(whole, -1))).isEqualTo(joined(live));
    }

    @Test
    void theNumbersGoUpByOneAndAreTheSameEachTime() {
        JsonNode whole = live(new ChatEvent.TextDelta(0, LONG), new ChatEvent.Finish(0, FinishReason.LENGTH, null))
                .getLast()
                .path("response");
        List<ObjectNode> all = replayed(whole, -1);
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).path("sequence_number").asInt()).isEqualTo(i);
        }
        assertThat(all.getLast().path("type").asText()).isEqualTo("response.incomplete");
        for (int after = 0; after < all.size(); after++) {
            assertThat(replayed(whole, after)).isEqualTo(all.subList(after + 1, all.size()));
        }
        assertThat(replayed(whole, 1_000_000)).isEmpty();
    }

    @Test
    void itGoesOnWhereItWasPaused() {
        JsonNode whole =
                live(new ChatEvent.TextDelta(0, LONG.repeat(20))).getLast().path("response");
        Playback[] stored = new Playback[1];
        Heard slow = new Heard() {
            @Override
            public void flush() {
                stored[0].pause();
            }
        };
        stored[0] = source(whole, -1);
        stored[0].start(slow);
        assertThat(slow.ended).isFalse();
        assertThat(slow.events.size()).isLessThan(100);
        for (int i = 0; i < 100 && !slow.ended; i++) {
            stored[0].resume();
        }
        assertThat(slow.events).isEqualTo(replayed(whole, -1));
    }

    @Test
    void ofALongTextLittleIsToldBeforeTheClientHasRoom() {
        JsonNode whole = live(new ChatEvent.TextDelta(0, "word ".repeat(100_000)))
                .getLast()
                .path("response");
        Playback[] stored = new Playback[1];
        Heard full = new Heard() {
            @Override
            public void flush() {
                stored[0].pause();
            }
        };
        stored[0] = source(whole, -1);
        stored[0].start(full);
        stored[0].resume();
        stored[0].resume();
        assertThat(full.events).hasSizeLessThan(1000);
        assertThat(full.ended).isFalse();
    }

    @Test
    void itemsOfTheProvidersOwnToolsAreToldToo() {
        String item = "{\"id\":\"ws_1\",\"type\":\"web_search_call\",\"status\":\"completed\","
                + "\"action\":{\"type\":\"search\",\"query\":\"q\"}}";
        String unknown = "{\"id\":\"x_1\",\"type\":\"of_tomorrow\",\"what\":[1]}";
        JsonNode response = Json.tree(("{\"id\":\"resp_1\",\"status\":\"cancelled\",\"output\":[" + item + "," + unknown
                        + "],\"usage\":null}")
                .getBytes(StandardCharsets.UTF_8));
        List<ObjectNode> events = replayed(response, -1);
        assertThat(events.stream().map(event -> event.path("type").asText()))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.web_search_call.in_progress",
                        "response.web_search_call.completed",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.output_item.done",
                        "response.incomplete");
        assertThat(events.get(5).path("item").toString()).isEqualTo(item);
        assertThat(events.get(7).path("item").toString()).isEqualTo(unknown);
        assertThat(events.getLast().at("/response/status").asText()).isEqualTo("cancelled");
    }
}
