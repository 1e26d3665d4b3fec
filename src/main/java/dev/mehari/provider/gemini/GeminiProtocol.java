package dev.mehari.provider.gemini;

import dev.mehari.chat.Answer;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.ModelListing;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamResponse;
import org.springframework.stereotype.Component;

/** {@code generateContent} at Google AI Studio, with a key. */
@Component("gemini")
public final class GeminiProtocol implements Protocol {
    private final GeminiCodec codec;

    public GeminiProtocol(ThoughtSignatures signatures) {
        this.codec = new GeminiCodec(GeminiPlatform.AI_STUDIO, signatures);
    }

    @Override
    public String name() {
        return "gemini";
    }

    @Override
    public EmbeddingsProtocol embeddings() {
        return codec.embeddings();
    }

    @Override
    public boolean reads(String address) {
        return codec.reads(address);
    }

    /** A page holds a thousand: all there are. */
    @Override
    public ModelListing models(Provider provider) {
        return new ModelListing(GeminiAddress.models(provider), "pageSize=1000", provider.headers());
    }

    @Override
    public Encoded encode(Ask ask) {
        return codec.encode(ask);
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return codec.decode(ask, body);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return codec.decodeStream(ask);
    }

    @Override
    public FieldTable fields() {
        return GeminiFields.AI_STUDIO;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return codec.decodeError(ask, response);
    }
}
