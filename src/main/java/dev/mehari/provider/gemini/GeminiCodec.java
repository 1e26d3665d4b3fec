package dev.mehari.provider.gemini;

import dev.mehari.chat.Answer;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import java.util.List;

/** {@code generateContent}, whichever the platform. */
public abstract sealed class GeminiCodec implements Protocol permits GeminiProtocol, VertexProtocol {
    private final GeminiPlatform platform;
    private final ThoughtSignatures signatures;

    GeminiCodec(GeminiPlatform platform, ThoughtSignatures signatures) {
        this.platform = platform;
        this.signatures = signatures;
    }

    @Override
    public final boolean reads(String address) {
        return platform.reads(address);
    }

    @Override
    public final Encoded encode(Ask ask) {
        Provider provider = ask.provider();
        GeminiRequest request = new GeminiRequest(ask, platform, signatures);
        byte[] body = request.encode();
        // Without alt=sse the stream would be one list in pieces.
        String verb = ask.stream() ? "streamGenerateContent?alt=sse" : "generateContent";
        UpstreamRequest made = new UpstreamRequest(
                target(provider),
                GeminiAddress.path(ask, platform, verb),
                provider.headers(),
                body,
                ask.stream(),
                provider.timeouts(ask.request().maxTokens()));
        return new Encoded(withTier(made, request), List.copyOf(request.dropped()));
    }

    static UpstreamTarget target(Provider provider) {
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        return target;
    }

    @Override
    public final EmbeddingsProtocol embeddings() {
        return new GeminiEmbeddings(platform);
    }

    /** Vertex AI, Flex and Priority PayGo, read 2026-11-21: the tier is told in headers. */
    private UpstreamRequest withTier(UpstreamRequest made, GeminiRequest request) {
        String tier = platform == GeminiPlatform.VERTEX ? request.tier() : null;
        return tier == null || tier.equals("standard")
                ? made
                : made.with("x-vertex-ai-llm-request-type", "shared").with("x-vertex-ai-llm-shared-request-type", tier);
    }

    @Override
    public final Answer decode(Ask ask, byte[] body) {
        return GeminiAnswer.decode(ask, body, signatures);
    }

    @Override
    public final EventDecoder decodeStream(Ask ask) {
        return new GeminiStream(ask, signatures);
    }

    @Override
    public final GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return GeminiError.decode(ask.provider(), response.status(), response::header, response.body());
    }
}
