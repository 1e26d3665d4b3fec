package dev.mehari.testing.family;

import static dev.mehari.testing.family.JsonText.object;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Script;
import dev.mehari.testing.family.Reply.Call;
import dev.mehari.testing.family.Reply.End;
import dev.mehari.testing.family.Reply.Failure;
import dev.mehari.testing.family.Reply.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Anthropic's Messages. */
record MessagesWire() implements Wire {
    @Override
    public Asked read(String path, JsonNode request) {
        Reading read = new Reading();
        for (JsonNode message : request.path("messages")) {
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                read.said(content.asText());
            }
            for (JsonNode block : content) {
                switch (block.path("type").asText()) {
                    case "text" -> read.said(block.path("text").asText());
                    case "tool_result" -> read.result(text(block.path("content")));
                    case "image" ->
                        read.image(
                                block.at("/source/media_type").asText(),
                                block.at("/source/data").asText());
                    case "thinking" -> read.signature(block.path("signature").asText());
                    default -> {}
                }
            }
        }
        return read.asked(
                request.path("stream").asBoolean(),
                Asked.texts(request.path("tools"), "/name"),
                request.findValues("cache_control").size(),
                request.at("/output_config/format/schema/properties").has("age"));
    }

    private static String text(JsonNode content) {
        return content.isTextual() ? content.asText() : String.join("", Asked.texts(content, "/text"));
    }

    @Override
    public Script whole(Turn turn) {
        List<Object> content = new ArrayList<>();
        if (turn.thought() != null) {
            content.add(object(
                    "type",
                    "thinking",
                    "thinking",
                    turn.thought().text(),
                    "signature",
                    turn.thought().signature()));
        }
        if (!turn.words().isEmpty()) {
            content.add(object("type", "text", "text", turn.text()));
        }
        for (Call call : turn.calls()) {
            Map<String, Object> use = use(call);
            use.put("input", JsonText.read(call.arguments()));
            content.add(use);
        }
        Map<String, Object> message = message(content, Model.SAID);
        message.put("stop_reason", reason(turn));
        return Script.json(200, JsonText.of(message));
    }

    @Override
    public Script stream(Turn turn) {
        Script script = Script.stream();
        event(script, "message_start", "message", message(List.of(), 1));
        event(script, "ping");
        int index = 0;
        if (turn.thought() != null) {
            begin(script, index, object("type", "thinking", "thinking", "", "signature", ""));
            delta(
                    script,
                    index,
                    object("type", "thinking_delta", "thinking", turn.thought().text()));
            delta(
                    script,
                    index,
                    object(
                            "type",
                            "signature_delta",
                            "signature",
                            turn.thought().signature()));
            event(script, "content_block_stop", "index", index++);
        }
        if (!turn.words().isEmpty()) {
            begin(script, index, object("type", "text", "text", ""));
            for (String word : turn.words()) {
                delta(script, index, object("type", "text_delta", "text", word));
            }
            if (turn.end() == End.HANGS) {
                return script.hang();
            }
            if (turn.end() == End.BREAKS) {
                event(script, "error", "error", object("type", "overloaded_error", "message", "the fake breaks"));
                return script.endChunks();
            }
            event(script, "content_block_stop", "index", index++);
        }
        for (Call call : turn.calls()) {
            Map<String, Object> use = use(call);
            use.put("input", Map.of());
            begin(script, index, use);
            for (String piece : call.pieces()) {
                delta(script, index, object("type", "input_json_delta", "partial_json", piece));
            }
            event(script, "content_block_stop", "index", index++);
        }
        event(
                script,
                "message_delta",
                "delta",
                object("stop_reason", reason(turn), "stop_sequence", null),
                "usage",
                object("output_tokens", Model.SAID));
        event(script, "message_stop");
        return script.endChunks();
    }

    @Override
    public Script failure(Failure failure) {
        String type =
                switch (failure.status()) {
                    case 429 -> "rate_limit_error";
                    case 500 -> "api_error";
                    default -> "invalid_request_error";
                };
        return Script.json(
                failure.status(),
                JsonText.text("type", "error", "error", object("type", type, "message", failure.message())));
    }

    private static String reason(Turn turn) {
        return turn.calls().isEmpty() ? "end_turn" : "tool_use";
    }

    private static Map<String, Object> use(Call call) {
        return object("type", "tool_use", "id", call.id(), "name", call.name());
    }

    private static Map<String, Object> message(List<Object> content, int said) {
        return object(
                "id",
                "msg_up1",
                "type",
                "message",
                "role",
                "assistant",
                "model",
                "claude-sonnet-4-5-20250929",
                "content",
                content,
                "stop_reason",
                null,
                "stop_sequence",
                null,
                "usage",
                object(
                        "input_tokens",
                        Model.PROMPT - Model.CACHED,
                        "cache_creation_input_tokens",
                        0,
                        "cache_read_input_tokens",
                        Model.CACHED,
                        "output_tokens",
                        said,
                        "service_tier",
                        "standard"));
    }

    private static void begin(Script script, int index, Map<String, Object> block) {
        event(script, "content_block_start", "index", index, "content_block", block);
    }

    private static void delta(Script script, int index, Map<String, Object> delta) {
        event(script, "content_block_delta", "index", index, "delta", delta);
    }

    private static void event(Script script, String type, Object... rest) {
        Map<String, Object> event = object("type", type);
        event.putAll(object(rest));
        script.event(type, JsonText.of(event));
    }
}
