package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.NeverSent;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.util.ArrayList;
import java.util.List;

/** Embeddings over HTTP: the client's bytes pass but for the model's name and what the host does not take. */
public final class OpenAiEmbeddings implements EmbeddingsProtocol {
    @Override
    public EncodedEmbeddings encode(Ask ask) {
        String path = ask.provider().settings().embeddings().path();
        if (path.isEmpty()) {
            throw EmbeddingsProtocol.none(ask);
        }
        return encode(ask, ask.model(), path);
    }

    /**
     * The same for hosts with names and paths of their own.
     *
     * @param model as the host names it
     * @param path below the base, with any query
     */
    public EncodedEmbeddings encode(Ask ask, String model, String path) {
        List<String> dropped = new ArrayList<>(0);
        byte[] body = body(ask, model, dropped);
        Provider provider = ask.provider();
        UpstreamRequest request = new UpstreamRequest(
                OpenAiProtocol.target(provider), path, provider.headers(), body, false, provider.timeouts(null));
        return new EncodedEmbeddings(List.of(request), dropped);
    }

    private static byte[] body(Ask ask, String model, List<String> dropped) {
        JsonObject raw = ask.request().raw();
        ProviderSettings.Embeddings settings = ask.provider().settings().embeddings();
        ByteSink out = new ByteSink(raw.bytes().length + 64);
        JsonObject.Copy copy = new JsonObject.Copy(out).put("model", Json.quote(model));
        for (Field field : raw.fields()) {
            String name = field.name();
            String theirs = settings.renameParams().get(name);
            if (isOurs(field)) {
                continue;
            }
            if (settings.dropParams().contains(name)) {
                // Whichever form comes, the client gets the one it asked for.
                if (field.kind() != JsonToken.VALUE_NULL && !name.equals("encoding_format")) {
                    dropped.add(name);
                }
            } else if (theirs == null) {
                copy.keep(raw, field);
            } else if (!raw.has(theirs)) {
                copy.rename(raw, field, theirs);
            }
        }
        copy.end();
        return out.take();
    }

    /** What is for the gateway, or for nobody; as an object {@code provider} is OpenRouter's own. */
    private static boolean isOurs(Field field) {
        return field.name().equals("model")
                || NeverSent.isOne(field.name())
                || (field.name().equals("provider") && field.kind() != JsonToken.START_OBJECT);
    }

    @Override
    public Answer decode(Ask ask, List<UpstreamResponse> answers) {
        return OpenAiVectors.decode(ask, answers.getFirst().body());
    }
}
