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

/** Gemini's generateContent. The first call of a turn carries the thought's signature, as Gemini 3 does it. */
record GeminiWire() implements Wire {
    @Override
    public Asked read(String path, JsonNode request) {
        Reading read = new Reading();
        for (JsonNode content : request.path("contents")) {
            for (JsonNode part : content.path("parts")) {
                if (part.has("thoughtSignature")) {
                    read.signature(part.path("thoughtSignature").asText());
                }
                if (part.has("text") && content.path("role").asText().equals("user")) {
                    read.said(part.path("text").asText());
                }
                if (part.has("inlineData")) {
                    read.image(
                            part.at("/inlineData/mimeType").asText(),
                            part.at("/inlineData/data").asText());
                }
                if (part.has("functionResponse")) {
                    read.result(result(part.at("/functionResponse/response")));
                }
            }
        }
        return read.asked(
                path.contains(":streamGenerateContent"),
                request.path("tools").findValuesAsText("name"),
                0,
                request.at("/generationConfig/responseJsonSchema/properties").has("age"));
    }

    /** A response is an object; texts stand in the first of its fields. */
    private static String result(JsonNode response) {
        return response.elements().next().asText();
    }

    @Override
    public Script whole(Turn turn) {
        List<Object> parts = new ArrayList<>();
        thought(turn, parts);
        if (!turn.words().isEmpty()) {
            parts.add(object("text", turn.text()));
        }
        calls(turn, parts);
        return Script.json(200, answer(parts, "STOP"));
    }

    @Override
    public Script stream(Turn turn) {
        Script script = Script.stream();
        List<Object> thought = new ArrayList<>();
        thought(turn, thought);
        if (!thought.isEmpty()) {
            script.event(answer(thought, null));
        }
        for (String word : turn.words()) {
            script.event(answer(List.of(object("text", word)), null));
        }
        if (turn.end() == End.HANGS) {
            return script.hang();
        }
        if (turn.end() == End.BREAKS) {
            return script.event(error(503, "UNAVAILABLE", "the fake breaks")).endChunks();
        }
        List<Object> calls = new ArrayList<>();
        calls(turn, calls);
        for (Object call : calls) {
            script.event(answer(List.of(call), null));
        }
        return script.event(answer(List.of(object("text", "")), "STOP")).endChunks();
    }

    @Override
    public Script failure(Failure failure) {
        String status =
                switch (failure.status()) {
                    case 429 -> "RESOURCE_EXHAUSTED";
                    case 500 -> "INTERNAL";
                    default -> "INVALID_ARGUMENT";
                };
        return Script.json(failure.status(), error(failure.status(), status, failure.message()));
    }

    private static String error(int code, String status, String message) {
        return JsonText.text("error", object("code", code, "message", message, "status", status));
    }

    private static void thought(Turn turn, List<Object> parts) {
        if (turn.thought() != null) {
            parts.add(object("text", turn.thought().text(), "thought", true));
        }
    }

    private static void calls(Turn turn, List<Object> parts) {
        for (Call call : turn.calls()) {
            Map<String, Object> part =
                    object("functionCall", object("name", call.name(), "args", JsonText.read(call.arguments())));
            if (turn.thought() != null && call.equals(turn.calls().getFirst())) {
                part.put("thoughtSignature", turn.thought().signature());
            }
            parts.add(part);
        }
    }

    private static String answer(List<Object> parts, String finish) {
        Map<String, Object> candidate = object("content", object("role", "model", "parts", parts), "index", 0);
        if (finish != null) {
            candidate.put("finishReason", finish);
        }
        return JsonText.text(
                "candidates",
                List.of(candidate),
                "usageMetadata",
                object(
                        "promptTokenCount",
                        Model.PROMPT,
                        "cachedContentTokenCount",
                        Model.CACHED,
                        "candidatesTokenCount",
                        Model.SAID,
                        "totalTokenCount",
                        Model.PROMPT + Model.SAID),
                "modelVersion",
                "gemini-3-pro-preview",
                "responseId",
                "resp_up1");
    }
}
