package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.provider.Ask;
import dev.mehari.provider.OwnFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a whole answer, block by block through the same {@link AnthropicContent} as a stream's. One instance an answer. */
final class AnthropicAnswer {
    private final Ask ask;
    private final String who;
    private final AnthropicContent content;
    private final AnthropicUsage usage = new AnthropicUsage();
    private final OwnFields own = new OwnFields("anthropic");
    private final List<AnthropicBlock> blocks = new ArrayList<>();

    private boolean hasContent;
    private String id = "";
    private @Nullable String model;
    private @Nullable String stopReason;
    private @Nullable String stopSequence;
    private @Nullable String explanation;
    private @Nullable JsonNode error;

    private AnthropicAnswer(Ask ask, ClaudeModels models) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
        this.content = new AnthropicContent(ask, models);
    }

    /** @throws GatewayException an error in the clothes of a 200, or not an answer at all */
    static Answer.Translated decode(Ask ask, ClaudeModels models, byte[] body) {
        return new AnthropicAnswer(ask, models).read(body);
    }

    private Answer.Translated read(byte[] body) {
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnAnswer();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                field(parser.currentName(), body, parser);
            }
            if (parser.nextToken() != null) {
                throw notAnAnswer();
            }
        } catch (IOException notJson) {
            throw notAnAnswer();
        }
        if (error != null) {
            throw AnthropicError.inside(
                    ask.provider(), Json.MAPPER.createObjectNode().set("error", error));
        }
        if (!hasContent) {
            throw new UpstreamProtocol(who + "answered without content");
        }
        return new Answer.Translated(folded().response(), AnswerNames.of(id, model));
    }

    private UpstreamProtocol notAnAnswer() {
        return new UpstreamProtocol(who + "answered something that is not a JSON object");
    }

    private void field(String name, byte[] body, JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        switch (name) {
            case "id" -> id = parser.getValueAsString("");
            case "model" -> model = token == JsonToken.VALUE_STRING ? parser.getText() : null;
            case "content" -> {
                hasContent = token == JsonToken.START_ARRAY;
                while (hasContent && parser.nextToken() == JsonToken.START_OBJECT) {
                    blocks.add(AnthropicBlock.read(body, parser));
                }
            }
            case "stop_reason" -> stopReason = parser.getValueAsString();
            case "stop_sequence" -> stopSequence = parser.getValueAsString();
            case "stop_details" -> {
                JsonNode details = Json.tree(parser);
                explanation = details.path("explanation").textValue();
                own.put(name, details);
            }
            case "usage" -> {
                if (token == JsonToken.START_OBJECT) {
                    usage.read(parser);
                }
            }
            case "error" -> error = token == JsonToken.VALUE_NULL ? null : Json.tree(parser);
            case "type", "role" -> parser.skipChildren();
            default -> own.put(name, Json.tree(parser));
        }
    }

    private ResponseFolder folded() {
        ResponseFolder folder = new ResponseFolder();
        content.start(id, folder);
        for (AnthropicBlock block : blocks) {
            content.begin(block, folder);
            content.end(folder);
        }
        content.own(own, stopReason, stopSequence, usage, folder);
        content.finish(stopReason, stopSequence, explanation, folder);
        ChatEvent.UsageReport known = usage.report();
        if (known != null) {
            folder.accept(known);
        }
        folder.accept(new ChatEvent.End());
        return folder;
    }
}
