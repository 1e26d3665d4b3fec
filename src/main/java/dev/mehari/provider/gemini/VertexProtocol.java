package dev.mehari.provider.gemini;

import dev.mehari.chat.Answer;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.Protocol;
import dev.mehari.transport.UpstreamResponse;
import org.springframework.stereotype.Component;

/** {@code generateContent} at Vertex AI, with access tokens (or a key, in its express mode). */
@Component("vertex")
public final class VertexProtocol implements Protocol {
    private final GeminiCodec codec;

    public VertexProtocol(ThoughtSignatures signatures) {
        this.codec = new GeminiCodec(GeminiPlatform.VERTEX, signatures);
    }

    @Override
    public String name() {
        return "vertex";
    }

    @Override
    public EmbeddingsProtocol embeddings() {
        return codec.embeddings();
    }

    @Override
    public boolean reads(String address) {
        return codec.reads(address);
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
        return GeminiFields.VERTEX;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return codec.decodeError(ask, response);
    }
}
