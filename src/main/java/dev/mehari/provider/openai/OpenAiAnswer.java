package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads a whole answer and passes it on as bytes, with our alias and, where needed, our id. One instance an answer. */
final class OpenAiAnswer {
    private final Ask ask;
    private final OpenAiChoices choices = new OpenAiChoices();
    private @Nullable Usage usage;
    private @Nullable String id;
    private @Nullable String model;

    private OpenAiAnswer(Ask ask) {
        this.ask = ask;
    }

    /** @throws GatewayException an error in the clothes of a 200, or not an answer at all */
    static Answer.Bytes decode(Ask ask, byte[] body) {
        return new OpenAiAnswer(ask).read(body);
    }

    private Answer.Bytes read(byte[] body) {
        String who = "provider \"" + ask.provider().name() + "\" ";
        JsonObject object = scan(body, who);
        if (object.has("error")) {
            throw OpenAiError.inside(ask.provider(), Json.tree(body));
        }
        if (choices.isInterrupted()) {
            throw new UpstreamUnavailable(503, who + "broke off its answer", null);
        }
        if (choices.count() == 0) {
            throw new UpstreamProtocol(who + "answered without choices");
        }
        if (choices.isOdd()) {
            object = scan(new OpenAiRepair().repair(body), who);
        }
        BitSet called = new BitSet(0);
        choices.toolCalls().addChoices(called);
        if (called.intersects(choices.stopped())) {
            object = scan(new OpenAiRepair().endedByCalls(object.bytes(), called), who);
        }
        return new Answer.Bytes(rewrite(object), usage, choices.finish(), AnswerNames.of(id, model));
    }

    private JsonObject scan(byte[] body, String who) {
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            return JsonObject.read(body, parser, this::field);
        } catch (IOException notJson) {
            throw new UpstreamProtocol(who + "answered something that is not a JSON object");
        }
    }

    private void field(String name, JsonParser value) throws IOException {
        JsonToken token = value.currentToken();
        switch (name) {
            case "id" -> id = token == JsonToken.VALUE_STRING ? value.getText() : null;
            case "model" -> model = token == JsonToken.VALUE_STRING ? value.getText() : null;
            case "choices" -> {
                if (token == JsonToken.START_ARRAY) {
                    choices.read(value);
                }
            }
            case "usage" -> {
                if (token == JsonToken.START_OBJECT) {
                    usage = OpenAiUsage.read(value);
                }
            }
            default -> {}
        }
    }

    private byte[] rewrite(JsonObject object) {
        boolean ourId = id == null || id.isEmpty() || ask.provider().quirks().ownIds();
        boolean ourModel = model == null || model.isEmpty() || !ask.alias().equals(ask.model());
        Field created = object.field("created");
        boolean ourCreated = created == null || created.kind() != JsonToken.VALUE_NUMBER_INT;
        if (!ourId && !ourModel && !ourCreated) {
            return object.bytes();
        }
        ByteSink out = new ByteSink(object.bytes().length + 128);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        for (Field field : object.fields()) {
            boolean replaced = (ourId && field.name().equals("id"))
                    || (ourModel && field.name().equals("model"))
                    || (ourCreated && field.name().equals("created"));
            if (!replaced) {
                copy.keep(object, field);
            }
        }
        if (ourId) {
            copy.put("id", Json.quote(ask.answerId()));
        }
        if (ourModel) {
            copy.put("model", Json.quote(ask.alias()));
        }
        if (ourCreated) {
            copy.put("created", OpenAiStream.seconds(object, created));
        }
        copy.end();
        return out.take();
    }
}
