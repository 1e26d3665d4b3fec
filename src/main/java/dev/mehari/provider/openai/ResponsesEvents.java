package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a response that passes apart, for others who want that answer: messages, calls, refusals and what is shown of the
 * model's reasoning. What more a response may hold cannot be given to another client without losing some of it, so that
 * such an answer ends in a failure here, and serves its own client only. Source: OpenAI API reference, Responses streaming,
 * read 2026-11-21. One instance an answer.
 */
final class ResponsesEvents implements FrameReader {
    /** Request fields whose answers hold more than can be taken apart. */
    private static final Set<String> OPAQUE = Set.of("include", "background", "conversation", "prompt");

    private final Ask ask;
    private final Map<Integer, Integer> calls = new HashMap<>(2);
    private boolean begun;
    private boolean over;

    ResponsesEvents(Ask ask) {
        this.ask = ask;
    }

    /** Whether the answer is likely to hold what cannot be taken apart: the request asks for it. */
    static boolean isOpaque(Ask ask) {
        JsonObject raw = ask.request().raw();
        JsonObject.Field tools = raw.field("tools");
        JsonObject.Field reasoning = raw.field("reasoning");
        return OPAQUE.stream().anyMatch(raw::has)
                || (reasoning != null && raw.tree(reasoning).hasNonNull("summary"))
                || (tools != null && !holdsOnlyClients(raw.tree(tools)));
    }

    private static boolean holdsOnlyClients(JsonNode tools) {
        for (JsonNode tool : tools) {
            String type = tool.path("type").asText();
            if (!type.equals("function") && !type.equals("custom")) {
                return false;
            }
        }
        return true;
    }

    /**
     * A whole answer.
     *
     * @throws dev.mehari.chat.GatewayException it holds what cannot be taken apart
     */
    static ChatResponse whole(Ask ask, Answer.Bytes answer) {
        ResponseFolder folder = new ResponseFolder();
        ResponsesEvents events = new ResponsesEvents(ask);
        JsonNode response = Json.tree(answer.json());
        events.begin(response, folder);
        int index = 0;
        for (JsonNode item : response.path("output")) {
            events.whole(index++, item, folder);
        }
        events.end(response, answer.usage(), folder);
        return folder.response();
    }

    @Override
    public void read(ChatEvent passed, EventSink sink) {
        switch (passed) {
            case ChatEvent.Frame frame -> event(frame, sink);
            case ChatEvent.Failure failure -> sink.accept(failure);
            default -> {}
        }
    }

    private void event(ChatEvent.Frame frame, EventSink sink) {
        if (over) {
            return;
        }
        JsonNode event = Json.tree(frame.bytes());
        String type = frame.name() == null ? event.path("type").asText() : frame.name();
        switch (type) {
            case "response.created" -> begin(event.path("response"), sink);
            case "response.output_item.added" ->
                added(event.path("output_index").asInt(), event.path("item"), sink);
            case "response.output_text.delta" -> {
                refuseUnless(event.path("logprobs").isEmpty(), sink);
                emit(new ChatEvent.TextDelta(0, event.path("delta").asText()), sink);
            }
            case "response.refusal.delta" ->
                emit(new ChatEvent.RefusalDelta(0, event.path("delta").asText()), sink);
            case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta" ->
                arguments(
                        event.path("output_index").asInt(), event.path("delta").asText(), sink);
            case "response.output_item.done" -> refuseUnless(isPlain(event.path("item")), sink);
            case "response.completed", "response.incomplete" -> end(event.path("response"), frame.usage(), sink);
            case "response.in_progress",
                    "response.queued",
                    "response.content_part.added",
                    "response.content_part.done",
                    "response.output_text.done",
                    "response.refusal.done",
                    "response.function_call_arguments.done",
                    "response.custom_tool_call_input.done" -> {
                // Said already, piece by piece.
            }
            default -> refuseUnless(false, sink);
        }
    }

    private void begin(JsonNode response, EventSink sink) {
        if (!begun) {
            begun = true;
            emit(
                    new ChatEvent.Start(
                            response.path("id").asText(ask.answerId()),
                            ask.alias(),
                            response.path("created_at").asLong()),
                    sink);
        }
    }

    private void added(int output, JsonNode item, EventSink sink) {
        switch (item.path("type").asText()) {
            case "message", "reasoning" -> {}
            case "function_call", "custom_tool_call" -> {
                int call = calls.size();
                calls.put(output, call);
                emit(
                        new ChatEvent.ToolCallStart(
                                0,
                                call,
                                item.path("call_id").asText(),
                                item.path("name").asText(),
                                item.path("type").asText().equals("custom_tool_call"),
                                null),
                        sink);
            }
            default -> refuseUnless(false, sink);
        }
    }

    private void arguments(int output, String piece, EventSink sink) {
        Integer call = calls.get(output);
        refuseUnless(call != null, sink);
        if (call != null) {
            emit(new ChatEvent.ToolCallDelta(0, call, piece), sink);
        }
    }

    private void whole(int output, JsonNode item, EventSink sink) {
        added(output, item, sink);
        refuseUnless(isPlain(item), sink);
        for (JsonNode part : item.path("content")) {
            emit(
                    part.path("type").asText().equals("refusal")
                            ? new ChatEvent.RefusalDelta(0, part.path("refusal").asText())
                            : new ChatEvent.TextDelta(0, part.path("text").asText()),
                    sink);
        }
        if (calls.containsKey(output)) {
            arguments(output, item.path("arguments").asText(item.path("input").asText()), sink);
        }
    }

    /** Whether all that the item says has a place in the hub. */
    private static boolean isPlain(JsonNode item) {
        return switch (item.path("type").asText()) {
            case "message" -> {
                boolean plain = true;
                for (JsonNode part : item.path("content")) {
                    plain &= part.path("annotations").isEmpty()
                            && part.path("logprobs").isEmpty();
                }
                yield plain;
            }
            // The model thought, and shows nothing of it.
            case "reasoning" ->
                item.path("summary").isEmpty()
                        && item.path("content").isEmpty()
                        && !item.hasNonNull("encrypted_content");
            case "function_call", "custom_tool_call" -> true;
            default -> false;
        };
    }

    private void end(JsonNode response, @Nullable Usage usage, EventSink sink) {
        String status = response.path("status").asText();
        FinishReason reason = status.equals("incomplete")
                ? ResponsesItem.cutOff(response.at("/incomplete_details/reason").asText())
                : FinishReason.STOP.withToolCalls(!calls.isEmpty());
        refuseUnless(status.equals("completed") || status.equals("incomplete"), sink);
        emit(new ChatEvent.Finish(0, reason), sink);
        if (usage != null) {
            emit(new ChatEvent.UsageReport(usage, response.path("service_tier").textValue()), sink);
        }
        emit(new ChatEvent.End(), sink);
        over = true;
    }

    private void refuseUnless(boolean carried, EventSink sink) {
        if (!carried) {
            emit(
                    new ChatEvent.Failure(new UpstreamProtocol(
                            "provider \"" + ask.provider().name() + "\" answered with what only its own API has")),
                    sink);
            over = true;
        }
    }

    private void emit(ChatEvent event, EventSink sink) {
        if (!over) {
            sink.accept(event);
        }
    }
}
