package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole Converse answer. Source: Bedrock API reference, Converse, read 2026-11-21. One instance an answer. */
final class BedrockAnswer {
    private static final Set<String> TAKEN = Set.of("output", "stopReason", "usage", "serviceTier");

    private final BedrockBlocks blocks;
    private final String who;
    private @Nullable String invoked;

    private BedrockAnswer(Ask ask, BedrockBlocks blocks) {
        this.blocks = blocks;
        this.who = "provider \"" + ask.provider().name() + "\" ";
    }

    /** @throws GatewayException it is no such answer, or one without content */
    static Answer decode(Ask ask, BedrockBlocks blocks, byte[] body) {
        BedrockAnswer answer = new BedrockAnswer(ask, blocks);
        ChatResponse response = answer.read(body);
        return new Answer.Translated(response, AnswerNames.of(null, answer.invoked));
    }

    private ChatResponse read(byte[] body) {
        JsonNode answer = tree(body);
        invoked = invoked(answer.path("trace"));
        JsonNode content = answer.at("/output/message/content");
        JsonNode reason = answer.path("stopReason");
        if (!content.isArray() || !reason.isTextual()) {
            throw new UpstreamProtocol(who + "answered without a message");
        }
        ResponseFolder folder = new ResponseFolder();
        blocks.into(folder);
        blocks.start();
        for (int i = 0; i < content.size(); i++) {
            block(i, content.get(i));
        }
        blocks.stop(reason.textValue(), stopSequence(answer));
        String failure = blocks.failure();
        if (failure != null) {
            throw new UpstreamProtocol(who + failure);
        }
        Usage usage = answer.path("usage").isObject() ? BedrockUsage.read(answer.path("usage")) : null;
        blocks.own(beyond(answer));
        blocks.end(usage, answer.at("/serviceTier/type").textValue());
        return folder.response();
    }

    private JsonNode tree(byte[] body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException notJson) {
            throw new UpstreamProtocol(who + "answered something that is not JSON");
        }
    }

    /** What of an answer has no other place, or not in every client's API. */
    private static ObjectNode beyond(JsonNode answer) {
        ObjectNode others = Json.MAPPER.createObjectNode();
        answer.properties().forEach(field -> {
            if (!TAKEN.contains(field.getKey())) {
                others.set(field.getKey(), field.getValue());
            }
        });
        return others;
    }

    static @Nullable String stopSequence(JsonNode answer) {
        return answer.at("/additionalModelResponseFields/stop_sequence").textValue();
    }

    /** The model that a prompt router has chosen; null: it was asked by its own name, and names nothing. */
    static @Nullable String invoked(JsonNode trace) {
        return trace.at("/promptRouter/invokedModelId").textValue();
    }

    private void block(int index, JsonNode block) {
        Iterator<String> names = block.fieldNames();
        String kind = names.hasNext() ? names.next() : "";
        JsonNode value = block.path(kind);
        switch (kind) {
            case "text" -> blocks.text(value.asText());
            case "toolUse" -> call(index, block, value);
            case "reasoningContent" -> reasoning(value);
            case "image" ->
                blocks.image(
                        value.path("format").asText("png"),
                        value.at("/source/bytes").asText());
            case "citationsContent" -> cited(value);
            default -> blocks.opaque(block);
        }
    }

    private void call(int index, JsonNode block, JsonNode call) {
        if (call.path("type").asText().equals("server_tool_use")) {
            // Bedrock ran it itself: not for the client to answer.
            blocks.opaque(block);
            return;
        }
        blocks.callStart(
                index, call.path("toolUseId").asText(), call.path("name").asText());
        JsonNode input = call.path("input");
        blocks.callInput(index, input.isObject() ? Json.text(input) : "{}");
        blocks.blockEnd(index);
    }

    private void reasoning(JsonNode value) {
        if (value.has("redactedContent")) {
            blocks.redacted(value.path("redactedContent").asText());
            return;
        }
        JsonNode thought = value.path("reasoningText");
        blocks.reasoning(thought.path("text").asText());
        if (thought.path("signature").isTextual()) {
            blocks.signature(thought.path("signature").textValue());
        }
    }

    private void cited(JsonNode value) {
        int length = 0;
        for (JsonNode piece : value.path("content")) {
            blocks.text(piece.path("text").asText());
            length += piece.path("text").asText().length();
        }
        for (JsonNode citation : value.path("citations")) {
            blocks.citation(citation, length);
        }
    }
}
