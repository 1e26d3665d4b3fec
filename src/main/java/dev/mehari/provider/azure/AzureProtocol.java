package dev.mehari.provider.azure;

import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.ResponsesHost;
import dev.mehari.provider.TokenCounter;
import dev.mehari.provider.openai.OpenAiEmbeddings;
import dev.mehari.provider.openai.OpenAiPlace;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** OpenAI's API at Azure: its bodies, Azure's addresses and errors. */
@Component("azure")
public final class AzureProtocol implements Protocol, TokenCounter, ResponsesHost {
    private final OpenAiProtocol openAi;
    private final AzureEmbeddings embeddings = new AzureEmbeddings();

    public AzureProtocol(OpenAiProtocol openAi) {
        this.openAi = openAi;
    }

    @Override
    public String name() {
        return "azure";
    }

    @Override
    public boolean passes(Ask ask) {
        return openAi.passes(ask, place(ask));
    }

    @Override
    public boolean isOpaque(Ask ask) {
        return openAi.isOpaque(ask, place(ask));
    }

    @Override
    public Encoded encode(Ask ask) {
        return openAi.encode(ask, place(ask));
    }

    private static OpenAiPlace place(Ask ask) {
        AzureSite site = new AzureSite(ask.provider().settings());
        String deployment = site.deployment(ask.model());
        return new OpenAiPlace(
                site.path(deployment, "chat/completions"),
                deployment,
                site.family(ask.model()),
                site.tellsUsageInStreams(),
                site.responsesPath());
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return openAi.decode(ask, place(ask), body);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return openAi.decodeStream(ask, place(ask));
    }

    @Override
    public FrameReader frames(Ask ask) {
        return openAi.frames(ask, place(ask));
    }

    @Override
    public ChatResponse translated(Ask ask, Answer.Bytes passed) {
        return openAi.translated(ask, place(ask), passed);
    }

    @Override
    public FieldTable fields() {
        return openAi.fields();
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return AzureError.decode(openAi.decodeError(ask, place(ask), response), ask.provider(), response);
    }

    @Override
    public @Nullable UpstreamRequest count(Ask ask) {
        return openAi.count(ask, place(ask));
    }

    @Override
    public long tokens(Ask ask, UpstreamResponse response) {
        return openAi.tokens(ask, response);
    }

    @Override
    public @Nullable UpstreamRequest stored(Provider provider, UpstreamRequest.Method method, String below) {
        return openAi.stored(provider, new AzureSite(provider.settings()).responsesPath(), method, below);
    }

    @Override
    public @Nullable UpstreamRequest followed(Provider provider, String id, int after) {
        return openAi.followed(provider, new AzureSite(provider.settings()).responsesPath(), id, after);
    }

    @Override
    public EventDecoder decodeFollowed(Provider provider, String alias) {
        return openAi.decodeFollowed(provider, alias);
    }

    @Override
    public EmbeddingsProtocol embeddings() {
        return embeddings;
    }

    private static final class AzureEmbeddings implements EmbeddingsProtocol {
        private final OpenAiEmbeddings openAi = new OpenAiEmbeddings();

        @Override
        public EncodedEmbeddings encode(Ask ask) {
            AzureSite site = new AzureSite(ask.provider().settings());
            String deployment = site.deployment(ask.model());
            return openAi.encode(ask, deployment, site.path(deployment, "embeddings"));
        }

        @Override
        public Answer decode(Ask ask, List<UpstreamResponse> answers) {
            return openAi.decode(ask, answers);
        }
    }
}
