package dev.mehari.testing.family;

import static dev.mehari.testing.family.JsonText.object;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Script;
import dev.mehari.testing.family.Reply.Call;
import dev.mehari.testing.family.Reply.End;
import dev.mehari.testing.family.Reply.Failure;
import dev.mehari.testing.family.Reply.Thought;
import dev.mehari.testing.family.Reply.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's Responses, as OpenAI itself and Azure speak them.
 *
 * @param id of the answer
 * @param kept what earlier answers were asked, by their ids, for {@code previous_response_id}
 */
record ResponsesWire(String id, Map<String, Asked> kept) implements Wire {
    @Override
    public Asked read(String path, JsonNode request) {
        Asked asked = said(request);
        Asked before = kept.get(request.path("previous_response_id").asText());
        Asked whole = before == null ? asked : before.then(asked);
        kept.put(id, whole);
        return whole;
    }

    private static Asked said(JsonNode request) {
        Reading read = new Reading();
        if (request.path("input").isTextual()) {
            read.said(request.path("input").asText());
        }
        for (JsonNode item : request.path("input")) {
            JsonNode content = item.path("content");
            switch (item.path("type").asText("message")) {
                case "function_call_output" -> read.result(item.path("output").asText());
                case "reasoning" ->
                    read.signature(item.path("encrypted_content").asText());
                case "message" -> {
                    if (item.path("role").asText().equals("user")) {
                        String text =
                                content.isTextual() ? content.asText() : String.join("", Asked.texts(content, "/text"));
                        read.said(text);
                    }
                    Asked.texts(content, "/image_url").forEach(read::image);
                }
                default -> {}
            }
        }
        return read.asked(
                request.path("stream").asBoolean(),
                Asked.texts(request.path("tools"), "/name"),
                0,
                request.at("/text/format/schema/properties").has("age"));
    }

    @Override
    public Script whole(Turn turn) {
        return Script.json(200, JsonText.of(response("completed", items(turn))));
    }

    private List<Object> items(Turn turn) {
        List<Object> items = new ArrayList<>();
        if (turn.thought() != null) {
            kept.computeIfPresent(
                    id, (same, asked) -> asked.thinking(turn.thought().signature()));
            items.add(reasoning(turn.thought()));
        }
        if (!turn.words().isEmpty()) {
            items.add(message("completed", List.of(part(turn.text()))));
        }
        turn.calls().forEach(call -> items.add(call(call, "completed", call.arguments())));
        return items;
    }

    @Override
    public Script stream(Turn turn) {
        Events events = new Events(Script.stream());
        events.add("response.created", "response", response("in_progress", List.of()));
        events.add("response.in_progress", "response", response("in_progress", List.of()));
        List<Object> items = items(turn);
        int index = 0;
        if (turn.thought() != null) {
            events.item("added", index, object("id", "rs_" + id, "type", "reasoning", "summary", List.of()));
            events.item("done", index, items.get(index++));
        }
        if (!turn.words().isEmpty()) {
            events.item("added", index, message("in_progress", List.of()));
            events.add("response.content_part.added", text(index, "part", part("")));
            for (String word : turn.words()) {
                events.add("response.output_text.delta", text(index, "delta", word));
            }
            if (turn.end() == End.HANGS) {
                return events.script.hang();
            }
            if (turn.end() == End.BREAKS) {
                Map<String, Object> failed = response("failed", List.of());
                failed.put("error", object("code", "server_error", "message", "the fake breaks"));
                events.add("response.failed", "response", failed);
                return events.script.endChunks();
            }
            events.add("response.output_text.done", text(index, "text", turn.text()));
            events.add("response.content_part.done", text(index, "part", part(turn.text())));
            events.item("done", index, items.get(index++));
        }
        for (Call call : turn.calls()) {
            events.item("added", index, call(call, "in_progress", ""));
            for (String piece : call.pieces()) {
                events.add("response.function_call_arguments.delta", arguments(call, index, "delta", piece));
            }
            events.add("response.function_call_arguments.done", arguments(call, index, "arguments", call.arguments()));
            events.item("done", index, items.get(index++));
        }
        events.add("response.completed", "response", response("completed", items));
        return events.script.endChunks();
    }

    @Override
    public Script failure(Failure failure) {
        return new ChatWire(false).failure(failure);
    }

    private Map<String, Object> reasoning(Thought thought) {
        return object(
                "id",
                "rs_" + id,
                "type",
                "reasoning",
                "summary",
                List.of(object("type", "summary_text", "text", thought.text())),
                "encrypted_content",
                thought.signature());
    }

    private Map<String, Object> message(String status, List<Object> content) {
        return object("id", "msg_" + id, "type", "message", "status", status, "role", "assistant", "content", content);
    }

    private static Map<String, Object> part(String text) {
        return object("type", "output_text", "text", text, "annotations", List.of(), "logprobs", List.of());
    }

    private static Map<String, Object> call(Call call, String status, String arguments) {
        return object(
                "id",
                "fc_" + call.id(),
                "type",
                "function_call",
                "status",
                status,
                "call_id",
                call.id(),
                "name",
                call.name(),
                "arguments",
                arguments);
    }

    private Object[] text(int index, String name, Object value) {
        return new Object[] {
            "item_id", "msg_" + id, "output_index", index, "content_index", 0, name, value, "logprobs", List.of()
        };
    }

    private static Object[] arguments(Call call, int index, String name, String value) {
        return new Object[] {"item_id", "fc_" + call.id(), "output_index", index, "name", call.name(), name, value};
    }

    private Map<String, Object> response(String status, List<Object> output) {
        Map<String, Object> response =
                object("id", id, "object", "response", "created_at", 1_764_000_000, "status", status, "error", null);
        response.putAll(object("incomplete_details", null, "instructions", null, "metadata", Map.of()));
        response.putAll(object("model", "gpt-4o-mini-2024-07-18", "output", output, "parallel_tool_calls", true));
        response.putAll(object("previous_response_id", null, "store", true, "temperature", 1.0, "top_p", 1.0));
        response.putAll(object("text", object("format", object("type", "text")), "tool_choice", "auto"));
        response.putAll(object("tools", List.of(), "truncation", "disabled"));
        response.put("usage", status.equals("completed") ? usage() : null);
        return response;
    }

    private static Map<String, Object> usage() {
        return object(
                "input_tokens",
                Model.PROMPT,
                "input_tokens_details",
                object("cached_tokens", Model.CACHED, "cache_write_tokens", 0),
                "output_tokens",
                Model.SAID,
                "output_tokens_details",
                object("reasoning_tokens", 0),
                "total_tokens",
                Model.PROMPT + Model.SAID);
    }

    /** Events with the numbers that they carry. */
    private static final class Events {
        private final Script script;
        private int next;

        Events(Script script) {
            this.script = script;
        }

        void item(String verb, int index, Object item) {
            add("response.output_item." + verb, "output_index", index, "item", item);
        }

        void add(String type, Object... fields) {
            Map<String, Object> event = object("type", type, "sequence_number", next++);
            event.putAll(object(fields));
            script.event(type, JsonText.of(event));
        }
    }
}
