package dev.mehari.testing.family;

import static dev.mehari.testing.family.JsonText.object;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Script;
import dev.mehari.testing.family.Reply.Call;
import dev.mehari.testing.family.Reply.End;
import dev.mehari.testing.family.Reply.Failure;
import dev.mehari.testing.family.Reply.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bedrock's Converse and ConverseStream. */
record ConverseWire() implements Wire {
    @Override
    public Asked read(String path, JsonNode request) {
        Reading read = new Reading();
        for (JsonNode message : request.path("messages")) {
            for (JsonNode block : message.path("content")) {
                if (block.has("text") && message.path("role").asText().equals("user")) {
                    read.said(block.path("text").asText());
                }
                if (block.has("image")) {
                    read.image(
                            "image/" + block.at("/image/format").asText(),
                            block.at("/image/source/bytes").asText());
                }
                if (block.has("toolResult")) {
                    read.result(String.join("", Asked.texts(block.at("/toolResult/content"), "/text")));
                }
                if (block.has("reasoningContent")) {
                    read.signature(block.at("/reasoningContent/reasoningText/signature")
                            .asText());
                }
            }
        }
        String schema = request.at("/outputConfig/textFormat/structure/jsonSchema/schema")
                .asText();
        return read.asked(
                path.endsWith("/converse-stream"),
                Asked.texts(request.at("/toolConfig/tools"), "/toolSpec/name"),
                request.findValues("cachePoint").size(),
                schema.contains("\"age\""));
    }

    @Override
    public Script whole(Turn turn) {
        List<Object> content = new ArrayList<>();
        if (turn.thought() != null) {
            content.add(object(
                    "reasoningContent",
                    object(
                            "reasoningText",
                            object(
                                    "text",
                                    turn.thought().text(),
                                    "signature",
                                    turn.thought().signature()))));
        }
        if (!turn.words().isEmpty()) {
            content.add(object("text", turn.text()));
        }
        for (Call call : turn.calls()) {
            Map<String, Object> use = use(call);
            use.put("input", JsonText.read(call.arguments()));
            content.add(object("toolUse", use));
        }
        return Script.json(
                200,
                JsonText.text(
                        "output",
                        object("message", object("role", "assistant", "content", content)),
                        "stopReason",
                        reason(turn),
                        "usage",
                        usage(),
                        "metrics",
                        object("latencyMs", 1)));
    }

    @Override
    public Script stream(Turn turn) {
        Script script = EventFrames.stream();
        event(script, "messageStart", "role", "assistant");
        int index = 0;
        if (turn.thought() != null) {
            delta(
                    script,
                    index,
                    "reasoningContent",
                    object("text", turn.thought().text()));
            delta(
                    script,
                    index,
                    "reasoningContent",
                    object("signature", turn.thought().signature()));
            event(script, "contentBlockStop", "contentBlockIndex", index++);
        }
        if (!turn.words().isEmpty()) {
            for (String word : turn.words()) {
                delta(script, index, "text", word);
            }
            if (turn.end() == End.HANGS) {
                return script.hang();
            }
            if (turn.end() == End.BREAKS) {
                return script.chunk(EventFrames.frame(
                                "exception",
                                "serviceUnavailableException",
                                JsonText.text("message", "the fake breaks")))
                        .endChunks();
            }
            event(script, "contentBlockStop", "contentBlockIndex", index++);
        }
        for (Call call : turn.calls()) {
            event(script, "contentBlockStart", "contentBlockIndex", index, "start", object("toolUse", use(call)));
            for (String piece : call.pieces()) {
                delta(script, index, "toolUse", object("input", piece));
            }
            event(script, "contentBlockStop", "contentBlockIndex", index++);
        }
        event(script, "messageStop", "stopReason", reason(turn));
        event(script, "metadata", "usage", usage(), "metrics", object("latencyMs", 1));
        return script.endChunks();
    }

    @Override
    public Script failure(Failure failure) {
        String type =
                switch (failure.status()) {
                    case 429 -> "ThrottlingException";
                    case 500 -> "InternalServerException";
                    default -> "ValidationException";
                };
        return Script.json(failure.status(), JsonText.text("message", failure.message()), "x-amzn-errortype", type);
    }

    private static String reason(Turn turn) {
        return turn.calls().isEmpty() ? "end_turn" : "tool_use";
    }

    private static Map<String, Object> use(Call call) {
        return object("toolUseId", call.id(), "name", call.name());
    }

    private static Map<String, Object> usage() {
        return object(
                "inputTokens",
                Model.PROMPT - Model.CACHED,
                "outputTokens",
                Model.SAID,
                "totalTokens",
                Model.PROMPT + Model.SAID,
                "cacheReadInputTokens",
                Model.CACHED,
                "cacheWriteInputTokens",
                0);
    }

    private static void delta(Script script, int index, String kind, Object piece) {
        event(script, "contentBlockDelta", "contentBlockIndex", index, "delta", object(kind, piece));
    }

    private static void event(Script script, String type, Object... fields) {
        script.chunk(EventFrames.event(type, JsonText.text(fields)));
    }
}
