package dev.mehari.provider.gemini;

import dev.mehari.provider.FieldTable;
import dev.mehari.provider.ModelListing;
import dev.mehari.provider.Provider;
import org.springframework.stereotype.Component;

/** {@code generateContent} at Google AI Studio, with a key. */
@Component("gemini")
public final class GeminiProtocol extends GeminiCodec {
    public GeminiProtocol(ThoughtSignatures signatures) {
        super(GeminiPlatform.AI_STUDIO, signatures);
    }

    @Override
    public String name() {
        return "gemini";
    }

    /** A page holds a thousand: all there are. */
    @Override
    public ModelListing models(Provider provider) {
        return new ModelListing(GeminiAddress.models(provider), "pageSize=1000", provider.headers());
    }

    @Override
    public FieldTable fields() {
        return GeminiFields.AI_STUDIO;
    }
}
