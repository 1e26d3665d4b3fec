package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.Plan.Door;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Anthropic's Messages API, where the endpoint has it. */
final class MessagesCases implements Cases {
    private static final Demand ANSWER = Demand.must(
            "messages.answer",
            "a message has id, type \"message\", role, model, a text block and a stop_reason",
            "anthropic-messages 5",
            "write the whole message object");
    private static final Demand USAGE = Demand.must(
            "messages.usage",
            "usage has input_tokens and output_tokens",
            "anthropic-messages 7",
            "count both; SDKs add them up");
    private static final Demand EVENTS = Demand.must(
            "messages.events",
            "each record has event: and data: with the same type",
            "anthropic-messages 8",
            "write the event: line: Anthropic's SDK passes over records without one");
    private static final Demand ORDER = Demand.must(
            "messages.order",
            "message_start, then blocks opened, filled and closed one by one, message_delta, message_stop",
            "pitfalls P25",
            "close a block before the next is opened; count blocks 0, 1, 2");
    private static final Demand STOP = Demand.must(
            "messages.stop",
            "message_delta brings the stop_reason and output_tokens",
            "anthropic-messages 8",
            "send both before message_stop");
    private static final Demand ERROR = Demand.must(
            "messages.error",
            "an error is {\"type\": \"error\", \"error\": {\"type\", \"message\"}} with its status",
            "anthropic-messages 9",
            "answer in Anthropic's words at this door");
    private static final List<Demand> ALL = List.of(ANSWER, USAGE, EVENTS, ORDER, STOP, ERROR);

    @Override
    public String title() {
        return "the Messages API";
    }

    @Override
    public List<Demand> demands() {
        return ALL;
    }

    @Override
    public void check(Session session) {
        Sheet sheet = session.sheet();
        Answer answer = session.endpoint().send(ask(session, request(session, false)));
        if (!Doors.there(session, Door.MESSAGES, answer, ALL)) {
            return;
        }
        sheet.judge(ANSWER, whole(answer.json()), answer::excerpt);
        JsonNode usage = answer.json().path("usage");
        boolean counted = usage.path("input_tokens").isIntegralNumber()
                && usage.path("output_tokens").isIntegralNumber();
        sheet.judge(USAGE, counted, () -> "usage is " + usage);
        stream(sheet, session.endpoint().send(ask(session, request(session, true))));
        Answer refused = session.endpoint().send(ask(session, "{\"model\": "));
        JsonNode error = refused.json().path("error");
        boolean typed = refused.status() >= 400
                && refused.json().path("type").asText().equals("error")
                && error.path("type").isTextual()
                && error.path("message").isTextual();
        sheet.judge(ERROR, typed, refused::excerpt);
    }

    private static Ask ask(Session session, String body) {
        Ask ask = Ask.post("/messages", body).with("anthropic-version", "2023-06-01");
        String key = session.endpoint().target().key();
        return key == null ? ask : ask.with("x-api-key", key);
    }

    private static String request(Session session, boolean stream) {
        return session.prompts()
                .ask(Prompts.HELLO, body -> body.put("max_tokens", 1024).put("stream", stream));
    }

    private static boolean whole(JsonNode message) {
        boolean text = false;
        for (JsonNode block : message.path("content")) {
            text |= block.path("type").asText().equals("text");
        }
        return text
                && !message.path("id").asText("").isEmpty()
                && message.path("type").asText().equals("message")
                && message.path("role").asText().equals("assistant")
                && message.path("model").isTextual()
                && message.path("stop_reason").isTextual();
    }

    private static void stream(Sheet sheet, Answer answer) {
        List<EventStream.Event> events = EventStream.of(answer).events();
        if (!answer.ok() || events.isEmpty()) {
            sheet.judge(EVENTS, answer.excerpt());
            return;
        }
        List<JsonNode> records = new ArrayList<>();
        for (EventStream.Event event : events) {
            JsonNode data = ChatStream.tree(event.data());
            records.add(data);
            sheet.judge(
                    EVENTS,
                    data.path("type").asText("").equals(event.name()),
                    () -> "event: " + event.name() + ", data: " + Answer.cut(event.data()));
        }
        sheet.judge(ORDER, disorder(records));
        boolean stops = records.stream()
                .anyMatch(record -> record.path("delta").path("stop_reason").isTextual()
                        && record.path("usage").path("output_tokens").isIntegralNumber());
        sheet.judge(
                STOP,
                stops,
                () -> "the last record: " + Answer.cut(events.getLast().data()));
    }

    /** The first record that is out of order; null: none. */
    private static @Nullable String disorder(List<JsonNode> records) {
        int opened = 0;
        boolean open = false;
        String before = "";
        for (JsonNode record : records) {
            String type = record.path("type").asText();
            int index = record.path("index").asInt(-1);
            boolean good =
                    switch (type) {
                        case "ping" -> true;
                        case "message_start" -> before.isEmpty();
                        case "content_block_start" -> !before.isEmpty() && !open && index == opened;
                        case "content_block_delta", "content_block_stop" -> open && index == opened - 1;
                        case "message_delta", "message_stop" -> !before.isEmpty() && !open;
                        default -> true;
                    };
            if (type.equals("content_block_start")) {
                opened++;
                open = true;
            }
            open &= !type.equals("content_block_stop");
            if (!good || before.equals("message_stop")) {
                return type + " after " + (before.isEmpty() ? "nothing" : before) + ": "
                        + Answer.cut(record.toString());
            }
            before = type.equals("ping") ? before : type;
        }
        return before.equals("message_stop") ? null : "the stream ends with " + before;
    }
}
