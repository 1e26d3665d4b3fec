package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One answer of the {@link FlawedServer}, before it is sent: sound as it is made, and open to whatever a {@link Flaw} does to
 * it.
 */
final class SoundReply {
    static final String ID = "chatcmpl-1";
    private static final int TOKENS = 7;

    final JsonNode request;
    final Map<String, String> headers = new LinkedHashMap<>();
    int status = 200;
    String type = "application/json";
    /** Of an answer that is no stream. */
    String body = "";
    /** Of a stream. */
    final List<ObjectNode> chunks = new ArrayList<>();
    /** What follows the chunks, as payloads of records. */
    final List<String> ends = new ArrayList<>();

    String lineEnd = "\n";
    /** Lines before each record. */
    String before = "";
    /** Whether all is sent at once, when a while has passed. */
    boolean held;

    /** Of the request's body, in bytes. */
    final int length;
    /** Whether the client would take a compressed answer. */
    final boolean takesGzip;

    SoundReply(JsonNode request, int length, boolean takesGzip) {
        this.length = length;
        this.takesGzip = takesGzip;
        this.request = request;
        headers.put("x-request-id", "req_1");
        headers.put("x-mehari-provider", "flawed");
        headers.put("x-mehari-model", "flawed-1");
        headers.put("x-mehari-attempts", "1");
    }

    boolean stream() {
        return request.path("stream").asBoolean();
    }

    boolean plain() {
        return status == 200 && !stream() && body.contains("\"chat.completion\"");
    }

    boolean calls() {
        return body.contains("tool_calls") || chunks.toString().contains("tool_calls");
    }

    SoundReply fail(int with, String code) {
        status = with;
        ObjectNode error = Json.MAPPER.createObjectNode();
        error.putObject("error")
                .put("message", "it was refused")
                .put("type", "invalid_request_error")
                .putNull("param")
                .put("code", code);
        body = error.toString();
        return this;
    }

    SoundReply json(JsonNode json) {
        body = json.toString();
        return this;
    }

    /** The whole of a body as a tree, changed and put back. */
    void body(Consumer<ObjectNode> change) {
        ObjectNode tree = (ObjectNode) ChatStream.tree(body);
        change.accept(tree);
        body = tree.toString();
    }

    /** A chat's answer in these words, or with calls of these functions. */
    SoundReply chat(List<String> words, List<String> functions) {
        String reason = functions.isEmpty() ? "stop" : "tool_calls";
        if (stream()) {
            type = "text/event-stream; charset=utf-8";
            headers.put("cache-control", "no-cache");
            streamed(words, functions, reason);
            ends.add("[DONE]");
            return this;
        }
        ObjectNode answer = head("chat.completion");
        ObjectNode choice = answer.withArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", words.isEmpty() ? null : String.join("", words));
        for (int i = 0; i < functions.size(); i++) {
            call(message.withArray("tool_calls"), i, functions.get(i), arguments());
        }
        choice.put("finish_reason", reason);
        answer.set("usage", usage());
        return json(answer);
    }

    private void streamed(List<String> words, List<String> functions, String reason) {
        delta().put("role", "assistant").put("content", "");
        words.forEach(word -> delta().put("content", word));
        for (int i = 0; i < functions.size(); i++) {
            call(delta().withArray("tool_calls"), i, functions.get(i), "").put("index", i);
            for (String piece : List.of("{\"city\":", "\"Zürich\"}")) {
                delta().withArray("tool_calls")
                        .addObject()
                        .put("index", i)
                        .putObject("function")
                        .put("arguments", piece);
            }
        }
        delta();
        ((ObjectNode) chunks.getLast().path("choices").path(0)).put("finish_reason", reason);
        if (request.path("stream_options").path("include_usage").asBoolean()) {
            chunks.forEach(chunk -> chunk.putNull("usage"));
            ObjectNode last = head("chat.completion.chunk");
            last.putArray("choices");
            last.set("usage", usage());
            chunks.add(last);
        }
    }

    private ObjectNode delta() {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.withArray("choices").addObject().put("index", 0);
        choice.putNull("finish_reason");
        chunks.add(chunk);
        return choice.putObject("delta");
    }

    private static String arguments() {
        return "{\"city\":\"Zürich\"}";
    }

    private static ObjectNode call(ArrayNode calls, int number, String name, String arguments) {
        ObjectNode call = calls.addObject().put("id", "call_" + number).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        return call;
    }

    static ObjectNode usage() {
        return Json.MAPPER
                .createObjectNode()
                .put("prompt_tokens", TOKENS)
                .put("completion_tokens", TOKENS)
                .put("total_tokens", 2 * TOKENS);
    }

    private static ObjectNode head(String object) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", ID)
                .put("object", object)
                .put("created", 1_764_000_000)
                .put("model", "flawed-1");
    }
}
