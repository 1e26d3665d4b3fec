package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What one event of a ConverseStream says, whichever it is: read token by token, since most hold a single word. Fields of
 * other kinds are null; unknown ones, the padding {@code p} among them, are passed over. Reused for each event.
 */
final class BedrockEvent {
    int block;

    @Nullable
    String text;

    @Nullable
    String input;

    @Nullable
    String reasoning;

    @Nullable
    String signature;

    @Nullable
    String redacted;

    @Nullable
    JsonNode citation;

    @Nullable
    JsonNode image;

    @Nullable
    String callId;

    @Nullable
    String callName;

    /** The beginning of a block of Bedrock's own: a call that it answers itself, or what came of it. */
    @Nullable
    ObjectNode own;

    /** Pieces of what came of it. */
    @Nullable
    JsonNode result;

    @Nullable
    String stopReason;

    @Nullable
    String stopSequence;

    @Nullable
    Usage usage;

    @Nullable
    String serviceTier;

    /** The model that a prompt router has chosen. */
    @Nullable
    String invoked;

    /** Objects that have no other place: {@code metrics}, {@code trace}, {@code performanceConfig}, … */
    @Nullable
    ObjectNode others;

    /** @throws IOException it is no JSON object */
    void read(byte[] payload, int offset, int length) throws IOException {
        clear();
        try (JsonParser parser = Json.FACTORY.createParser(payload, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.START_OBJECT) {
                    object(name, parser);
                } else if (name.equals("contentBlockIndex") && token == JsonToken.VALUE_NUMBER_INT) {
                    block = parser.getIntValue();
                } else if (name.equals("stopReason")) {
                    stopReason = text(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("cut");
            }
        }
    }

    private void clear() {
        block = 0;
        text = null;
        input = null;
        reasoning = null;
        signature = null;
        redacted = null;
        citation = null;
        image = null;
        callId = null;
        callName = null;
        own = null;
        result = null;
        stopReason = null;
        stopSequence = null;
        usage = null;
        serviceTier = null;
        invoked = null;
        others = null;
    }

    private void object(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "delta" -> delta(parser);
            case "start" -> start(parser);
            case "usage" -> usage = BedrockUsage.read(Json.tree(parser));
            case "serviceTier" -> {
                JsonNode tier = Json.tree(parser);
                serviceTier = tier.path("type").textValue();
            }
            case "trace" -> {
                JsonNode trace = Json.tree(parser);
                invoked = BedrockAnswer.invoked(trace);
                others = Json.with(others, name, trace);
            }
            case "additionalModelResponseFields" -> {
                JsonNode fields = Json.tree(parser);
                stopSequence = fields.path("stop_sequence").textValue();
                others = Json.with(others, name, fields);
            }
            default -> others = Json.with(others, name, Json.tree(parser));
        }
    }

    private void delta(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "text" -> text = text(parser);
                case "toolUse" -> {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        boolean isInput = parser.currentName().equals("input");
                        parser.nextToken();
                        if (isInput) {
                            input = text(parser);
                        } else {
                            parser.skipChildren();
                        }
                    }
                }
                case "reasoningContent" -> thought(parser);
                case "citation" -> citation = Json.tree(parser);
                case "image" -> image = Json.tree(parser);
                case "toolResult" -> result = Json.tree(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void thought(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "text" -> reasoning = text(parser);
                case "signature" -> signature = text(parser);
                case "redactedContent" -> redacted = text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void start(JsonParser parser) throws IOException {
        JsonNode begun = Json.tree(parser);
        JsonNode call = begun.path("toolUse");
        callId = call.path("toolUseId").textValue();
        callName = call.path("name").textValue();
        boolean serverTool = call.path("type").asText().equals("server_tool_use");
        if (begun instanceof ObjectNode block && (serverTool || begun.has("toolResult"))) {
            own = block;
        }
    }

    private static @Nullable String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }
}
