package dev.mehari.provider.openai;

import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.ModelListing;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Chat Completions and Embeddings over HTTP. */
@Component("openAi")
public final class OpenAiProtocol implements Protocol {
    private final OpenAiEmbeddings embeddings = new OpenAiEmbeddings();

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public boolean passes(String dialect) {
        return dialect.equals("chat");
    }

    @Override
    public ModelListing models(Provider provider) {
        return new ModelListing("/models", null, provider.headers());
    }

    @Override
    public Encoded encode(Ask ask) {
        return encode(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public Encoded encode(Ask ask, OpenAiPlace place) {
        Provider provider = ask.provider();
        List<String> dropped = new ArrayList<>(0);
        byte[] body = passes(ask.dialect())
                ? new OpenAiRequest(ask, place, dropped).encode()
                : OpenAiTranslation.encode(ask, place, dropped);
        return new Encoded(
                new UpstreamRequest(
                        target(provider),
                        place.path(),
                        provider.headers(),
                        body,
                        ask.stream(),
                        provider.timeouts(ask.request().maxTokens())),
                dropped);
    }

    static UpstreamTarget target(Provider provider) {
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        return target;
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        Answer.Bytes passed = OpenAiAnswer.decode(ask, body);
        return passes(ask.dialect()) ? passed : OpenAiEvents.whole(ask, passed);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return passes(ask.dialect()) ? new OpenAiStream(ask) : new OpenAiEvents(ask);
    }

    @Override
    public FrameReader frames(Ask ask) {
        return passes(ask.dialect()) ? new OpenAiEvents(ask) : FrameReader.NONE;
    }

    @Override
    public ChatResponse translated(Ask ask, Answer.Bytes passed) {
        return OpenAiEvents.whole(ask, passed).response();
    }

    @Override
    public EmbeddingsProtocol embeddings() {
        return embeddings;
    }

    @Override
    public FieldTable fields() {
        return OpenAiFields.TABLE;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return OpenAiError.decode(ask.provider(), response.status(), response::header, response.body());
    }
}
