package dev.mehari.testing;

import java.util.List;

/** Answers as Gemini writes them (made from its documented wire format, state 2026-11-21). */
public final class GeminiAnswers {
    private GeminiAnswers() {}

    /** A whole answer, or a record of a stream: parts are JSON, {@code finish} null or a reason. */
    public static String response(String finish, String... parts) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + String.join(",", parts) + "],\"role\":\"model\"}"
                + (finish == null ? "" : ",\"finishReason\":\"" + finish + "\"")
                + ",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":2,"
                + "\"totalTokenCount\":6},\"modelVersion\":\"gemini-upstream\",\"responseId\":\"resp_1\"}";
    }

    public static String text(String text) {
        return "{\"text\":\"" + text + "\"}";
    }

    /** A function call; {@code signature} null for none. */
    public static String call(String name, String args, String signature) {
        return "{\"functionCall\":{\"name\":\"" + name + "\",\"args\":" + args + "}"
                + (signature == null ? "" : ",\"thoughtSignature\":\"" + signature + "\"") + "}";
    }

    /** An error body. */
    public static String error(int code, String status, String message) {
        return "{\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\",\"status\":\"" + status + "\"}}";
    }

    /** A stream of these words, the last with the finish. */
    public static Script stream(String... words) {
        Script script = Script.stream();
        for (String word : words) {
            script.event(response(word.equals(List.of(words).getLast()) ? "STOP" : null, text(word)));
        }
        return script.endChunks();
    }
}
