package dev.mehari.provider.gemini;

import dev.mehari.provider.FieldTable;
import org.springframework.stereotype.Component;

/** {@code generateContent} at Vertex AI, with access tokens (or a key, in its express mode). */
@Component("vertex")
public final class VertexProtocol extends GeminiCodec {
    public VertexProtocol(ThoughtSignatures signatures) {
        super(GeminiPlatform.VERTEX, signatures);
    }

    @Override
    public String name() {
        return "vertex";
    }

    @Override
    public FieldTable fields() {
        return GeminiFields.VERTEX;
    }
}
