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

/**
 * OpenAI's chat completions.
 *
 * @param filters Azure's: a chunk about the prompt without any choice, and ratings beside every choice
 */
record ChatWire(boolean filters) implements Wire {
    private static final String SAFE = "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}";

    @Override
    public Asked read(String path, JsonNode request) {
        Reading read = new Reading();
        for (JsonNode message : request.path("messages")) {
            JsonNode content = message.path("content");
            String text = content.isTextual() ? content.asText() : String.join("", Asked.texts(content, "/text"));
            switch (message.path("role").asText()) {
                case "tool" -> read.result(text);
                case "user" -> {
                    read.said(text);
                    Asked.texts(content, "/image_url/url").forEach(read::image);
                }
                default -> {}
            }
        }
        return read.asked(
                request.path("stream").asBoolean(),
                Asked.texts(request.path("tools"), "/function/name"),
                request.findValues("cache_control").size(),
                request.at("/response_format/json_schema/schema/properties").has("age"));
    }

    @Override
    public Script whole(Turn turn) {
        List<Object> calls = new ArrayList<>();
        turn.calls().forEach(call -> calls.add(call(call, call.arguments())));
        Map<String, Object> message = object("role", "assistant", "content", turn.text(), "refusal", null);
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        Map<String, Object> choice =
                object("index", 0, "message", message, "logprobs", null, "finish_reason", finish(turn));
        Map<String, Object> answer = head("chat.completion", List.of(choice));
        answer.put("usage", usage());
        if (filters) {
            choice.put("content_filter_results", JsonText.read(SAFE));
            answer.put("prompt_filter_results", List.of(rating()));
        }
        return Script.json(200, JsonText.of(answer));
    }

    @Override
    public Script stream(Turn turn) {
        Script script = Script.stream();
        if (filters) {
            Map<String, Object> first = head("chat.completion.chunk", List.of());
            first.put("id", "");
            first.put("prompt_filter_results", List.of(rating()));
            script.event(JsonText.of(first));
        }
        script.event(chunk(object("role", "assistant", "content", "", "refusal", null), null));
        for (String word : turn.words()) {
            script.event(chunk(object("content", word), null));
        }
        if (turn.end() == End.HANGS) {
            return script.hang();
        }
        if (turn.end() == End.BREAKS) {
            return script.event(error("server_error", "the fake breaks", null)).endChunks();
        }
        for (int i = 0; i < turn.calls().size(); i++) {
            Map<String, Object> begin = object("index", i);
            begin.putAll(call(turn.calls().get(i), ""));
            script.event(chunk(object("tool_calls", List.of(begin)), null));
            for (String piece : turn.calls().get(i).pieces()) {
                script.event(chunk(
                        object("tool_calls", List.of(object("index", i, "function", object("arguments", piece)))),
                        null));
            }
        }
        script.event(chunk(object(), finish(turn)));
        Map<String, Object> last = head("chat.completion.chunk", List.of());
        last.put("usage", usage());
        return script.event(JsonText.of(last)).event("[DONE]").endChunks();
    }

    @Override
    public Script failure(Failure failure) {
        String type = failure.status() == 429
                ? "requests"
                : failure.status() < 500 ? "invalid_request_error" : "server_error";
        String code = failure.status() == 429 ? "rate_limit_exceeded" : null;
        return Script.json(failure.status(), error(type, failure.message(), code));
    }

    static String error(String type, String message, String code) {
        return JsonText.text("error", object("message", message, "type", type, "param", null, "code", code));
    }

    private static String finish(Turn turn) {
        return turn.calls().isEmpty() ? "stop" : "tool_calls";
    }

    private static Map<String, Object> call(Call call, String arguments) {
        return object(
                "id", call.id(), "type", "function", "function", object("name", call.name(), "arguments", arguments));
    }

    private String chunk(Map<String, Object> delta, String finish) {
        Map<String, Object> choice = object("index", 0, "delta", delta, "logprobs", null, "finish_reason", finish);
        if (filters) {
            choice.put("content_filter_results", JsonText.read(SAFE));
        }
        Map<String, Object> chunk = head("chat.completion.chunk", List.of(choice));
        chunk.put("usage", null);
        return JsonText.of(chunk);
    }

    private static Map<String, Object> head(String object, List<Object> choices) {
        return object(
                "id",
                "chatcmpl-up1",
                "object",
                object,
                "created",
                1_764_000_000,
                "model",
                "gpt-4o-mini-2024-07-18",
                "choices",
                choices,
                "system_fingerprint",
                "fp_1");
    }

    private static Map<String, Object> rating() {
        return object("prompt_index", 0, "content_filter_results", JsonText.read(SAFE));
    }

    private static Map<String, Object> usage() {
        return object(
                "prompt_tokens",
                Model.PROMPT,
                "completion_tokens",
                Model.SAID,
                "total_tokens",
                Model.PROMPT + Model.SAID,
                "prompt_tokens_details",
                object("cached_tokens", Model.CACHED, "audio_tokens", 0),
                "completion_tokens_details",
                object("reasoning_tokens", 0, "audio_tokens", 0));
    }
}
