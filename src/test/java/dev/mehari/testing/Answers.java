package dev.mehari.testing;

import java.util.ArrayList;
import java.util.List;

/** Answers as OpenAI writes them (made from its API reference, read 2026-11-21). */
public final class Answers {
    private Answers() {}

    /** A whole answer with that text. */
    public static String json(String text) {
        return "{\"id\":\"chatcmpl-up1\",\"object\":\"chat.completion\",\"created\":1764000000,\"model\":\"gpt-4o-mini\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21},"
                + "\"system_fingerprint\":\"fp_1\"}";
    }

    /** An error body. */
    public static String error(String message, String type, String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                + (code == null ? "null" : '"' + code + '"') + "}}";
    }

    /** One chunk; {@code delta} is JSON, {@code finish} null or a word. */
    public static String chunk(String delta, String finish) {
        return "{\"id\":\"chatcmpl-up1\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
                + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"finish_reason\":" + (finish == null ? "null" : '"' + finish + '"') + "}],\"usage\":null}";
    }

    public static String role() {
        return chunk("{\"role\":\"assistant\",\"content\":\"\"}", null);
    }

    public static String text(String text) {
        return chunk("{\"content\":\"" + text + "\"}", null);
    }

    public static String finish() {
        return chunk("{}", "stop");
    }

    public static String usage() {
        return "{\"id\":\"chatcmpl-up1\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
                + "\"model\":\"gpt-4o-mini\",\"choices\":[],"
                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
    }

    /** The payloads of a whole stream: role, words, finish, usage, {@code [DONE]}. */
    public static List<String> stream(String... words) {
        List<String> payloads = new ArrayList<>();
        payloads.add(role());
        for (String word : words) {
            payloads.add(text(word));
        }
        payloads.add(finish());
        payloads.add(usage());
        payloads.add("[DONE]");
        return payloads;
    }

    /** A request of one user message. */
    public static String ask(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }
}
