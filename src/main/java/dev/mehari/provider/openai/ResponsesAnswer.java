package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.provider.Ask;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Passes a whole Response object on: its bytes, but for what {@link ResponsesEdit} must change. One instance an answer. */
final class ResponsesAnswer {
    private @Nullable Usage usage;
    private @Nullable Long searches;
    private @Nullable JsonNode error;
    private boolean hasOutput;
    private boolean completed;
    private boolean calls;
    private @Nullable String incomplete;
    private @Nullable String id;
    private @Nullable String model;

    private ResponsesAnswer() {}

    /** @throws GatewayException it failed, or is no Response object at all */
    static Answer.Bytes decode(Ask ask, byte[] body) {
        return new ResponsesAnswer().read(ask, body);
    }

    private Answer.Bytes read(Ask ask, byte[] body) {
        String who = "provider \"" + ask.provider().name() + "\" ";
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            if (!fields(parser)) {
                throw new UpstreamProtocol(who + "answered something that is not a JSON object");
            }
        } catch (IOException notJson) {
            throw new UpstreamProtocol(who + "answered something that is not a JSON object");
        }
        if (error != null) {
            throw OpenAiError.inside(
                    ask.provider(), Json.MAPPER.createObjectNode().set("error", error));
        }
        if (!hasOutput) {
            throw new UpstreamProtocol(who + "answered without output");
        }
        Usage counted = usage == null ? null : usage.with(UsageDetail.WEB_SEARCHES, searches);
        return new Answer.Bytes(new ResponsesEdit(ask).whole(body), counted, finish(), AnswerNames.of(id, model));
    }

    /** Null while it has not ended: it runs in the background. */
    private @Nullable FinishReason finish() {
        if (incomplete != null) {
            return ResponsesItem.cutOff(incomplete);
        }
        return completed ? calls ? FinishReason.TOOL_CALLS : FinishReason.STOP : null;
    }

    /**
     * Where fields stand is of no interest: it passes whole.
     *
     * @return whether it is one object and nothing else
     */
    private boolean fields(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            field(name, parser.nextToken(), parser);
        }
        return parser.nextToken() == null;
    }

    /** Reads the value to its last token. */
    private void field(String name, JsonToken token, JsonParser value) throws IOException {
        if (name.equals("output")) {
            output(token, value);
        } else if (name.equals("id") && token == JsonToken.VALUE_STRING) {
            id = value.getText();
        } else if (name.equals("model") && token == JsonToken.VALUE_STRING) {
            model = value.getText();
        } else if (name.equals("status")) {
            completed = "completed".equals(value.getValueAsString());
            value.skipChildren();
        } else if (name.equals("incomplete_details") && token == JsonToken.START_OBJECT) {
            incomplete = Json.tree(value).path("reason").asText();
        } else if (name.equals("usage") && token == JsonToken.START_OBJECT) {
            usage = OpenAiUsage.read(value);
        } else if (name.equals("tool_usage") && token == JsonToken.START_OBJECT) {
            searches = OpenAiUsage.searches(value);
        } else if (name.equals("error") && token != JsonToken.VALUE_NULL) {
            error = Json.tree(value);
        } else {
            value.skipChildren();
        }
    }

    private void output(JsonToken token, JsonParser value) throws IOException {
        hasOutput = token == JsonToken.START_ARRAY;
        if (!hasOutput) {
            value.skipChildren();
            return;
        }
        for (JsonToken item = value.nextToken(); item != JsonToken.END_ARRAY; item = value.nextToken()) {
            if (item == JsonToken.START_OBJECT) {
                calls |= ResponsesItem.isCall(ResponsesItem.type(value));
            } else {
                value.skipChildren();
            }
        }
    }
}
