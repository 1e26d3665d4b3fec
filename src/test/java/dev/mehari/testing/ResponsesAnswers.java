package dev.mehari.testing;

import java.util.stream.Stream;

/** Answers of a provider that speaks the Responses API, in the shape that OpenAI documents. */
public final class ResponsesAnswers {
    private ResponsesAnswers() {}

    /** A whole Response object that says the text. */
    public static String json(String id, String text) {
        return object(id, "completed", "[" + message(id, text) + "]", usage());
    }

    /** The same, when the provider has searched the web for it so often. */
    public static String searched(String id, int searches, String text) {
        return json(id, text)
                .replace(
                        "\"usage\":",
                        "\"tool_usage\":{\"image_gen\":null,\"web_search\":{\"num_requests\":" + searches
                                + "}},\"usage\":");
    }

    /** One in the background. */
    public static String json(String id, String status, String output) {
        return object(id, status, output, "null");
    }

    /** A stream that says the text in these pieces. */
    public static Script stream(String id, String... pieces) {
        return stream(id, json(id, String.join("", pieces)), pieces);
    }

    /** The same, ended by that Response object. */
    public static Script stream(String id, String response, String[] pieces) {
        Script script = begin(id, pieces);
        String text = String.join("", pieces);
        String item = message(id, text);
        int next = 4 + pieces.length;
        return script.event(
                        "response.output_text.done",
                        event("response.output_text.done", next) + at(id) + ",\"content_index\":0,\"text\":\"" + text
                                + "\",\"logprobs\":[]}")
                .event(
                        "response.content_part.done",
                        event("response.content_part.done", next + 1) + at(id) + ",\"content_index\":0,\"part\":"
                                + part(text) + "}")
                .event(
                        "response.output_item.done",
                        event("response.output_item.done", next + 2) + ",\"output_index\":0,\"item\":" + item + "}")
                .event("response.completed", event("response.completed", next + 3) + ",\"response\":" + response + "}")
                .endChunks();
    }

    /** Such a stream up to its last piece, without any end. */
    public static Script begin(String id, String... pieces) {
        Script script = Script.stream();
        int next = 0;
        for (String type : Stream.of("response.created", "response.in_progress").toList()) {
            script.event(type, event(type, next++) + ",\"response\":" + object(id, "in_progress", "[]", "null") + "}");
        }
        script.event(
                "response.output_item.added",
                event("response.output_item.added", next++) + ",\"output_index\":0,\"item\":{\"id\":\"msg_" + id
                        + "\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}}");
        script.event(
                "response.content_part.added",
                event("response.content_part.added", next++) + at(id) + ",\"content_index\":0,\"part\":" + part("")
                        + "}");
        for (String piece : pieces) {
            script.event(
                    "response.output_text.delta",
                    event("response.output_text.delta", next++) + at(id) + ",\"content_index\":0,\"delta\":\"" + piece
                            + "\",\"logprobs\":[],\"obfuscation\":\"xyz\"}");
        }
        return script;
    }

    /** The same, ended by a failure of the provider's. */
    public static Script failed(String id, String message, String... pieces) {
        String error = "\"error\":{\"code\":\"server_error\",\"message\":\"" + message + "\"}";
        String response = object(id, "failed", "[]", "null").replace("\"error\":null", error);
        return begin(id, pieces)
                .event(
                        "response.failed",
                        event("response.failed", 4 + pieces.length) + ",\"response\":" + response + "}")
                .endChunks();
    }

    private static String event(String type, int sequence) {
        return "{\"type\":\"" + type + "\",\"sequence_number\":" + sequence;
    }

    private static String at(String id) {
        return ",\"item_id\":\"msg_" + id + "\",\"output_index\":0";
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"text\":\"" + text + "\",\"annotations\":[],\"logprobs\":[]}";
    }

    private static String message(String id, String text) {
        return "{\"id\":\"msg_" + id + "\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\","
                + "\"content\":[" + part(text) + "]}";
    }

    private static String usage() {
        return "{\"input_tokens\":11,\"input_tokens_details\":{\"cached_tokens\":4,\"cache_write_tokens\":0},\"output_tokens\":5,"
                + "\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":16}";
    }

    private static String object(String id, String status, String output, String usage) {
        return "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":1765000000,\"status\":\"" + status
                + "\",\"error\":null,\"incomplete_details\":null,\"instructions\":null,\"max_output_tokens\":null,"
                + "\"model\":\"gpt-4o-2024-08-06\",\"output\":" + output + ",\"parallel_tool_calls\":true,"
                + "\"previous_response_id\":null,\"reasoning\":{\"effort\":null,\"summary\":null},\"store\":true,"
                + "\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],"
                + "\"top_p\":1.0,\"truncation\":\"disabled\",\"usage\":" + usage + ",\"user\":null,\"metadata\":{}}";
    }
}
