package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes a whole answer on to a client that speaks Anthropic's own API: its bytes, the model by the name that the client
 * knows. One instance an answer.
 */
final class PassedAnswer {
    private final AnthropicUsage usage = new AnthropicUsage();
    private boolean hasContent;
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable FinishReason finish;
    private @Nullable JsonNode error;

    private PassedAnswer() {}

    /** @throws GatewayException an error in the clothes of a 200, or not an answer at all */
    static Answer.Bytes decode(Ask ask, byte[] body) {
        return new PassedAnswer().read(ask, body);
    }

    private Answer.Bytes read(Ask ask, byte[] body) {
        String who = "provider \"" + ask.provider().name() + "\" ";
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            JsonObject.read(body, parser, this::field);
        } catch (IOException notJson) {
            throw new UpstreamProtocol(who + "answered something that is not a JSON object");
        }
        if (error != null) {
            throw AnthropicError.inside(
                    ask.provider(), Json.MAPPER.createObjectNode().set("error", error));
        }
        if (!hasContent) {
            throw new UpstreamProtocol(who + "answered without content");
        }
        ChatEvent.UsageReport report = usage.report();
        return new Answer.Bytes(
                withModel(body, null, ask), report == null ? null : report.usage(), finish, AnswerNames.of(id, model));
    }

    private void field(String name, JsonParser value) throws IOException {
        boolean object = value.currentToken() == JsonToken.START_OBJECT;
        boolean text = value.currentToken() == JsonToken.VALUE_STRING;
        if (name.equals("content")) {
            hasContent = value.currentToken() == JsonToken.START_ARRAY;
        } else if (name.equals("usage") && object) {
            usage.read(value);
        } else if (name.equals("id") && text) {
            id = value.getText();
        } else if (name.equals("model") && text) {
            model = value.getText();
        } else if (name.equals("stop_reason") && text) {
            finish = PassedEvent.finish(value.getText());
        } else if (name.equals("error") && value.currentToken() != JsonToken.VALUE_NULL) {
            error = Json.tree(value);
        }
    }

    /**
     * JSON that was read once before, with our alias for {@code model}; the same array when the client asked for the
     * model by the provider's own name.
     *
     * @param within the field whose object has the model; null: the whole
     */
    static byte[] withModel(byte[] json, @Nullable String within, Ask ask) {
        return ask.alias().equals(ask.model()) ? json : replaced(json, within, Json.quote(ask.alias()));
    }

    private static byte[] replaced(byte[] json, @Nullable String within, byte[] model) {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            JsonObject object = JsonObject.read(json, parser, (name, value) -> {});
            ByteSink out = new ByteSink(json.length + model.length);
            JsonObject.Copy copy = new JsonObject.Copy(out);
            for (Field field : object.fields()) {
                if (within == null && field.name().equals("model")) {
                    copy.put("model", model);
                } else if (field.name().equals(within) && field.kind() == JsonToken.START_OBJECT) {
                    byte[] inner = Arrays.copyOfRange(json, field.valueStart(), field.end());
                    copy.put(field.name(), replaced(inner, null, model));
                } else {
                    copy.keep(object, field);
                }
            }
            copy.end();
            return out.take();
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }
}
