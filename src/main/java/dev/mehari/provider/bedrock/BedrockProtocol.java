package dev.mehari.provider.bedrock;

import dev.mehari.chat.Answer;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.anthropic.ClaudeModels;
import dev.mehari.provider.aws.AwsPath;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import org.springframework.stereotype.Component;

/** Converse, ConverseStream and, for embeddings, InvokeModel over HTTP. The route signs what this encodes. */
@Component("bedrock")
public final class BedrockProtocol implements Protocol {
    private static final BedrockEmbeddings EMBEDDINGS = new BedrockEmbeddings();

    private final BedrockModels models;

    public BedrockProtocol(MehariSettings settings) {
        this.models =
                new BedrockModels(ClaudeModels.shipped(settings.anthropic().models()));
    }

    @Override
    public String name() {
        return "bedrock";
    }

    @Override
    public Encoded encode(Ask ask) {
        BedrockRequest request = new BedrockRequest(ask, models.find(ask.model()));
        byte[] body = request.encode();
        return new Encoded(request(ask, ask.stream() ? "/converse-stream" : "/converse", body), request.dropped());
    }

    /** @param verb what is wanted of the model, with a leading slash */
    static UpstreamRequest request(Ask ask, String verb, byte[] body) {
        Provider provider = ask.provider();
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        return new UpstreamRequest(
                target,
                "/model/" + segment(ask.model()) + verb,
                provider.headers(),
                body,
                ask.stream(),
                provider.timeouts(ask.request().maxTokens()));
    }

    /** As the SDK writes it: a colon is {@code %3A}, a slash {@code %2F}. */
    private static String segment(String model) {
        if (model.equals(".") || model.equals("..")) {
            // The two that mean another path even so.
            throw new ModelNotFound("model \"" + model + "\" is not the id of a model");
        }
        return AwsPath.segment(model);
    }

    /** Of addresses only those in S3. */
    @Override
    public boolean reads(String address) {
        return address.startsWith("s3://");
    }

    private BedrockBlocks blocks(Ask ask) {
        BedrockModel model = models.find(ask.model());
        return new BedrockBlocks(
                ask, model, BedrockTools.of(ask.request().request().get(), model));
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return BedrockAnswer.decode(ask, blocks(ask), body);
    }

    @Override
    public EmbeddingsProtocol embeddings() {
        return EMBEDDINGS;
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return new BedrockStream(ask, blocks(ask));
    }

    @Override
    public FieldTable fields() {
        return BedrockFields.TABLE;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return BedrockError.decode(ask.provider(), response.status(), response::header, response.body());
    }
}
