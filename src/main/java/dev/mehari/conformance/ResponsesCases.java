package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.Plan.Door;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's Responses API, where the endpoint has it. */
final class ResponsesCases implements Cases {
    private static final Demand ANSWER = Demand.must(
            "responses.answer",
            "a response has id, object \"response\", status \"completed\" and a message with output_text",
            "openai-responses 5",
            "write the whole response object");
    private static final Demand USAGE = Demand.must(
            "responses.usage",
            "usage has input_tokens, output_tokens, total_tokens and both objects of details",
            "openai-responses 5",
            "write the details with zeros where they are not known; typed clients ask for them");
    private static final Demand EVENTS = Demand.must(
            "responses.events",
            "each record has event: and data: with the same type, and sequence_number counts from 0",
            "openai-responses 7",
            "write both lines and count each event");
    private static final Demand ORDER = Demand.must(
            "responses.order",
            "a stream begins with response.created and ends with response.completed, full and with the same id",
            "openai-responses 7.2",
            "send the filled response last");
    private static final Demand ITEMS = Demand.must(
            "responses.items",
            "an item and its part are added before their first delta and done after the last",
            "openai-responses 7.2",
            "send output_item.added and content_part.added first, then the deltas, then all the done events");
    private static final List<Demand> ALL = List.of(ANSWER, USAGE, EVENTS, ORDER, ITEMS);
    private static final List<String> LIFE = List.of(
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done");

    @Override
    public String title() {
        return "the Responses API";
    }

    @Override
    public List<Demand> demands() {
        return ALL;
    }

    @Override
    public void check(Session session) {
        Sheet sheet = session.sheet();
        Answer answer = session.endpoint().send(Ask.post("/responses", request(session, false)));
        if (!Doors.there(session, Door.RESPONSES, answer, ALL)) {
            return;
        }
        sheet.judge(ANSWER, whole(answer.json()), answer::excerpt);
        JsonNode usage = answer.json().path("usage");
        sheet.judge(USAGE, counted(usage), () -> "usage is " + usage);
        Answer streamed = session.endpoint().send(Ask.post("/responses", request(session, true)));
        List<EventStream.Event> events = EventStream.of(streamed).events().stream()
                .filter(event -> !event.data().strip().equals("[DONE]"))
                .toList();
        if (events.isEmpty()) {
            sheet.judge(EVENTS, streamed.excerpt());
            return;
        }
        sheet.judge(EVENTS, miscounted(events));
        order(sheet, events);
    }

    private static String request(Session session, boolean stream) {
        return session.prompts().ask("", body -> {
            body.remove("messages");
            body.put("input", Prompts.HELLO).put("stream", stream).put("store", false);
        });
    }

    private static boolean whole(JsonNode response) {
        boolean text = false;
        for (JsonNode item : response.path("output")) {
            text |= item.path("content").path(0).path("type").asText().equals("output_text");
        }
        return text
                && !response.path("id").asText("").isEmpty()
                && response.path("object").asText().equals("response")
                && response.path("status").asText().equals("completed");
    }

    private static boolean counted(JsonNode usage) {
        return usage.path("input_tokens").isIntegralNumber()
                && usage.path("output_tokens").isIntegralNumber()
                && usage.path("total_tokens").isIntegralNumber()
                && usage.path("input_tokens_details").isObject()
                && usage.path("output_tokens_details").isObject();
    }

    private static @Nullable String miscounted(List<EventStream.Event> events) {
        for (int i = 0; i < events.size(); i++) {
            JsonNode data = tree(events.get(i));
            boolean good = data.path("type").asText("").equals(events.get(i).name())
                    && data.path("sequence_number").asInt(-1) == i;
            if (!good) {
                return "record " + i + ": event: " + events.get(i).name() + ", data: "
                        + Answer.cut(events.get(i).data());
            }
        }
        return null;
    }

    private static void order(Sheet sheet, List<EventStream.Event> events) {
        JsonNode first = tree(events.getFirst());
        JsonNode last = tree(events.getLast());
        boolean framed = events.getFirst().name().equals("response.created")
                && events.getLast().name().equals("response.completed")
                && whole(last.path("response"))
                && last.at("/response/id").equals(first.at("/response/id"));
        sheet.judge(
                ORDER,
                framed,
                () -> "the last record: " + Answer.cut(events.getLast().data()));
        List<String> names = events.stream().map(EventStream.Event::name).toList();
        int at = 0;
        for (String step : LIFE) {
            int place = names.subList(at, names.size()).indexOf(step);
            if (place < 0) {
                sheet.judge(ITEMS, step + " is missing or out of order in " + Answer.cut(String.join(", ", names)));
                return;
            }
            at += place + 1;
        }
        sheet.judge(ITEMS, null);
    }

    private static JsonNode tree(EventStream.Event event) {
        return ChatStream.tree(event.data());
    }
}
