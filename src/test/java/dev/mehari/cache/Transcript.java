package dev.mehari.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client has been told, piece by piece and whatever its API: {@code text hello}, {@code call f}, {@code input {}},
 * {@code finish stop}, {@code usage 3/2}. Without ids, times and what else differs each time.
 */
final class Transcript {
    private final List<String> pieces = new ArrayList<>();
    private String usage = "usage none";

    private Transcript() {}

    /** Piece by piece as they came. */
    static List<String> of(String path, String body) {
        Transcript transcript = new Transcript();
        boolean stream = body.startsWith("data: ") || body.startsWith("event: ");
        if (stream) {
            body.lines()
                    .filter(line -> line.startsWith("data: {"))
                    .forEach(line -> transcript.read(path, true, ErrorCheck.tree(line.substring(6))));
        } else {
            transcript.read(path, false, ErrorCheck.tree(body));
        }
        transcript.pieces.add(transcript.usage);
        return transcript.pieces;
    }

    /** The same with neighbours of one kind joined, so that a stream and a whole answer can be compared. */
    static List<String> joined(String path, String body) {
        List<String> joined = new ArrayList<>();
        for (String piece : of(path, body)) {
            String kind = piece.substring(0, piece.indexOf(' ') + 1);
            boolean grows = kind.equals("text ") || kind.equals("thought ") || kind.equals("input ");
            if (grows && !joined.isEmpty() && joined.getLast().startsWith(kind)) {
                joined.add(joined.removeLast() + piece.substring(kind.length()));
            } else {
                joined.add(piece);
            }
        }
        return joined;
    }

    private void read(String path, boolean stream, JsonNode json) {
        switch (path) {
            case "/v1/chat/completions" -> chat(json, stream ? "delta" : "message");
            case "/v1/messages" -> {
                if (stream) {
                    messagesEvent(json);
                } else {
                    json.path("content").forEach(this::block);
                    finish(json.path("stop_reason").asText());
                    usage(json.path("usage"), "input_tokens", "output_tokens");
                }
            }
            case "/v1/responses" -> {
                if (stream) {
                    responsesEvent(json);
                } else {
                    json.path("output").forEach(this::item);
                    finish(json.path("status").asText());
                    usage(json.path("usage"), "input_tokens", "output_tokens");
                }
            }
            default -> throw new IllegalArgumentException(path);
        }
    }

    private void chat(JsonNode json, String message) {
        for (JsonNode choice : json.path("choices")) {
            JsonNode said = choice.path(message);
            add("thought", said.path("reasoning_content").asText(""));
            add(
                    "text",
                    said.path("content").isNull() ? "" : said.path("content").asText(""));
            add(
                    "refusal",
                    said.path("refusal").isNull() ? "" : said.path("refusal").asText(""));
            for (JsonNode call : said.path("tool_calls")) {
                add("call", call.at("/function/name").asText(""));
                add("input", call.at("/function/arguments").asText(""));
            }
            if (choice.path("finish_reason").isTextual()) {
                finish(choice.path("finish_reason").asText());
            }
        }
        usage(json.path("usage"), "prompt_tokens", "completion_tokens");
    }

    private void messagesEvent(JsonNode event) {
        switch (event.path("type").asText()) {
            case "content_block_start" -> {
                if (event.at("/content_block/type").asText().equals("tool_use")) {
                    add("call", event.at("/content_block/name").asText());
                }
            }
            case "content_block_delta" -> {
                add("text", event.at("/delta/text").asText(""));
                add("thought", event.at("/delta/thinking").asText(""));
                add("signature", event.at("/delta/signature").asText(""));
                add("input", event.at("/delta/partial_json").asText(""));
            }
            case "message_delta" -> {
                finish(event.at("/delta/stop_reason").asText());
                usage(event.path("usage"), "input_tokens", "output_tokens");
            }
            case "message_start", "content_block_stop", "message_stop", "ping" -> {}
            default -> pieces.add("event " + event);
        }
    }

    private void block(JsonNode block) {
        switch (block.path("type").asText()) {
            case "text" -> add("text", block.path("text").asText());
            case "thinking" -> {
                add("thought", block.path("thinking").asText());
                add("signature", block.path("signature").asText(""));
            }
            case "tool_use" -> {
                add("call", block.path("name").asText());
                add("input", block.path("input").toString());
            }
            default -> pieces.add("block " + block);
        }
    }

    private void responsesEvent(JsonNode event) {
        switch (event.path("type").asText()) {
            case "response.output_text.delta" -> add("text", event.path("delta").asText());
            case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
                add("thought", event.path("delta").asText());
            case "response.function_call_arguments.delta" ->
                add("input", event.path("delta").asText());
            case "response.output_item.added" -> {
                if (event.at("/item/type").asText().equals("function_call")) {
                    add("call", event.at("/item/name").asText());
                }
            }
            case "response.completed", "response.incomplete" -> {
                finish(event.at("/response/status").asText());
                usage(event.at("/response/usage"), "input_tokens", "output_tokens");
            }
            case "error", "response.failed" -> pieces.add("event " + event);
            default -> {}
        }
    }

    private void item(JsonNode item) {
        switch (item.path("type").asText()) {
            case "message" ->
                item.path("content")
                        .forEach(part -> add("text", part.path("text").asText("")));
            case "reasoning" -> {
                item.path("summary")
                        .forEach(part -> add("thought", part.path("text").asText("")));
                item.path("content")
                        .forEach(part -> add("thought", part.path("text").asText("")));
            }
            case "function_call" -> {
                add("call", item.path("name").asText());
                add("input", item.path("arguments").asText());
            }
            default -> pieces.add("item " + item);
        }
    }

    private void add(String kind, String said) {
        if (!said.isEmpty()) {
            pieces.add(kind + " " + said);
        }
    }

    private void finish(String reason) {
        pieces.add("finish " + reason);
    }

    private void usage(JsonNode counts, String in, String out) {
        if (counts.has(out)) {
            usage = "usage " + counts.path(in).asText() + "/" + counts.path(out).asText();
        }
    }
}
