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
import dev.mehari.provider.openai.OpenAiEmbeddings;
import dev.mehari.provider.openai.OpenAiPlace;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.transport.UpstreamResponse;
import java.util.List;
import org.springframework.stereotype.Component;

/** OpenAI's API at Azure: its bodies, Azure's addresses and errors. */
@Component("azure")
public final class AzureProtocol implements Protocol {
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
    public boolean passes(String dialect) {
        return openAi.passes(dialect);
    }

    @Override
    public Encoded encode(Ask ask) {
        AzureSite site = new AzureSite(ask.provider().settings());
        String deployment = site.deployment(ask.model());
        return openAi.encode(
                ask,
                new OpenAiPlace(
                        site.path(deployment, "chat/completions"),
                        deployment,
                        site.family(ask.model()),
                        site.tellsUsageInStreams()));
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return openAi.decode(ask, body);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return openAi.decodeStream(ask);
    }

    @Override
    public FrameReader frames(Ask ask) {
        return openAi.frames(ask);
    }

    @Override
    public ChatResponse translated(Ask ask, Answer.Bytes passed) {
        return openAi.translated(ask, passed);
    }

    @Override
    public FieldTable fields() {
        return openAi.fields();
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return AzureError.decode(openAi.decodeError(ask, response), ask.provider(), response);
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
        public Answer decode(Ask ask, List<byte[]> bodies) {
            return openAi.decode(ask, bodies);
        }
    }
}
