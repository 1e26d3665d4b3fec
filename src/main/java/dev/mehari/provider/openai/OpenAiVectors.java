package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EmbeddingsRequest.Form;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.Usage;
import dev.mehari.chat.Vectors;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer with embeddings and passes it on as bytes, with our alias. Hosts that write vectors in another form than
 * was asked for (many know no base64, which OpenAI's Python client asks for unasked) have them rewritten. One instance an
 * answer.
 */
final class OpenAiVectors {
    private final Ask ask;
    private final String who;
    private final Form form;
    private @Nullable Usage usage;
    private @Nullable String id;
    private @Nullable String model;
    private boolean sawData;
    private boolean otherForm;

    private OpenAiVectors(Ask ask) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
        this.form = Form.of(ask.request().raw());
    }

    /** @throws GatewayException an error in the clothes of a 200, or not an answer at all */
    static Answer decode(Ask ask, byte[] body) {
        return new OpenAiVectors(ask).read(body);
    }

    private Answer read(byte[] body) {
        JsonObject object = scan(body);
        if (object.has("error")) {
            throw OpenAiError.inside(ask.provider(), Json.tree(body));
        }
        if (!sawData) {
            throw new UpstreamProtocol(who + "answered without embeddings");
        }
        boolean ourModel = model == null || model.isEmpty() || !ask.alias().equals(ask.model());
        if (!ourModel && !otherForm) {
            return new Answer.Bytes(body, usage, null, names());
        }
        ByteSink out = new ByteSink(body.length + 128);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        for (Field field : object.fields()) {
            if (field.name().equals("data") && otherForm) {
                copy.put("data", rewritten(object, field));
            } else if (!field.name().equals("model") || !ourModel) {
                copy.keep(object, field);
            }
        }
        if (ourModel) {
            copy.put("model", Json.quote(ask.alias()));
        }
        copy.end();
        return new Answer.Bytes(out.take(), usage, null, names());
    }

    /** OpenAI gives these answers no id; some hosts do. */
    private @Nullable AnswerNames names() {
        return AnswerNames.of(id, model);
    }

    private JsonObject scan(byte[] body) {
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
            case "usage" -> {
                if (token == JsonToken.START_OBJECT) {
                    usage = OpenAiUsage.read(value);
                }
            }
            case "data" -> {
                if (token == JsonToken.START_ARRAY) {
                    sawData = true;
                    data(value);
                }
            }
            default -> {}
        }
    }

    private void data(JsonParser list) throws IOException {
        while (list.nextToken() == JsonToken.START_OBJECT) {
            while (list.nextToken() == JsonToken.FIELD_NAME) {
                boolean vector = list.currentName().equals("embedding");
                JsonToken kind = list.nextToken();
                otherForm |= vector && (kind == JsonToken.VALUE_STRING) != (form == Form.BASE64);
                list.skipChildren();
            }
        }
    }

    /** The list with every vector in the form that the client wants, and all else as it is. */
    private byte[] rewritten(JsonObject object, Field data) {
        byte[] bytes = Arrays.copyOfRange(object.bytes(), data.valueStart(), data.end());
        ByteSink out = new ByteSink(bytes.length);
        try (JsonParser list = Json.FACTORY.createParser(bytes)) {
            list.nextToken();
            char before = '[';
            while (list.nextToken() == JsonToken.START_OBJECT) {
                int start = (int) list.currentTokenLocation().getByteOffset();
                list.skipChildren();
                int end = (int) list.currentLocation().getByteOffset();
                out.write(before);
                entry(Arrays.copyOfRange(bytes, start, end), out);
                before = ',';
            }
        } catch (IOException impossible) {
            throw new UpstreamProtocol(who + "answered with a list that could not be read");
        }
        return out.write(']').take();
    }

    private void entry(byte[] entry, ByteSink out) throws IOException {
        float[][] vector = new float[1][];
        try (JsonParser parser = Json.FACTORY.createParser(entry)) {
            JsonObject object = JsonObject.read(entry, parser, (name, value) -> {
                if (name.equals("embedding")) {
                    vector[0] = vector(value);
                }
            });
            JsonObject.Copy copy = new JsonObject.Copy(out);
            for (Field field : object.fields()) {
                if (field.name().equals("embedding")) {
                    ByteSink written = new ByteSink(vector[0].length * 13 + 2);
                    Vectors.write(vector[0], form, written);
                    copy.put("embedding", written.take());
                } else {
                    copy.keep(object, field);
                }
            }
            copy.end();
        }
    }

    private float[] vector(JsonParser value) throws IOException {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
            try {
                return Vectors.ofBase64(value.getText());
            } catch (IllegalArgumentException broken) {
                throw new UpstreamProtocol(who + "answered with a vector that is not base64 of floats");
            }
        }
        float[] floats = new float[256];
        int length = 0;
        if (value.currentToken() == JsonToken.START_ARRAY) {
            while (value.nextToken().isNumeric()) {
                floats = length == floats.length ? Arrays.copyOf(floats, length * 2) : floats;
                floats[length++] = value.getFloatValue();
            }
        }
        if (value.currentToken() != JsonToken.END_ARRAY) {
            throw new UpstreamProtocol(who + "answered with a vector that is not numbers");
        }
        return Arrays.copyOf(floats, length);
    }
}
