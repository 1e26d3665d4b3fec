package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.config.AnthropicSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.ModelListing;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.TokenCounter;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Messages over HTTP. */
@Component("anthropic")
public final class AnthropicProtocol implements Protocol, TokenCounter {
    private final AnthropicSettings settings;
    private final ClaudeModels models;

    public AnthropicProtocol(MehariSettings settings) {
        this.settings = settings.anthropic();
        this.models = ClaudeModels.shipped(settings.anthropic().models());
    }

    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public boolean passes(Ask ask) {
        return ask.dialect().equals("messages");
    }

    @Override
    public Encoded encode(Ask ask) {
        if (passes(ask)) {
            List<String> dropped = new ArrayList<>(0);
            byte[] body = PassedRequest.encode(ask, dropped);
            Long maxTokens = ask.request().maxTokens();
            return new Encoded(sent(ask, "", body, maxTokens == null ? 0 : maxTokens), dropped);
        }
        Provider provider = ask.provider();
        AnthropicRequest request = new AnthropicRequest(
                ask.request().request().get(),
                provider.name(),
                models.find(ask.model()),
                settings,
                AnthropicHeaders.version(ask).equals(AnthropicHeaders.VERSION),
                ask.request().raw().bytes().length);
        byte[] body = request.encode(ask.model(), ask.stream());
        return new Encoded(sent(ask, "", body, request.maxTokens()), request.dropped());
    }

    /** A page holds a thousand: all there are. */
    @Override
    public @Nullable ModelListing models(Provider provider) {
        UpstreamTarget target = provider.target();
        if (target == null) {
            return null;
        }
        String path = path(provider, target);
        return new ModelListing(
                path.substring(0, path.lastIndexOf('/')) + "/models", "limit=1000", AnthropicHeaders.of(provider));
    }

    /** @param below what is added to the path of messages */
    private static UpstreamRequest sent(Ask ask, String below, byte[] body, long maxTokens) {
        Provider provider = ask.provider();
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        return new UpstreamRequest(
                target,
                path(provider, target) + below,
                AnthropicHeaders.of(ask),
                body,
                below.isEmpty() && ask.stream(),
                provider.timeouts(maxTokens));
    }

    /** Whether an operator's base URL ends in the API's version or not, the path has it once. */
    private static String path(Provider provider, UpstreamTarget target) {
        String path = provider.chatPath();
        int end = path.indexOf('/', 1);
        String base = target.baseUri().getPath();
        return end > 0 && base.endsWith(path.substring(0, end)) ? path.substring(end) : path;
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return passes(ask) ? PassedAnswer.decode(ask, body) : AnthropicAnswer.decode(ask, models, body);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return passes(ask) ? new PassedStream(ask) : new AnthropicStream(ask, models);
    }

    @Override
    public FrameReader frames(Ask ask) {
        return passes(ask) ? new AnthropicStream(ask, models) : FrameReader.NONE;
    }

    @Override
    public ChatResponse translated(Ask ask, Answer.Bytes passed) {
        return AnthropicAnswer.decode(ask, models, passed.json()).response();
    }

    @Override
    public FieldTable fields() {
        return AnthropicFields.FIELDS;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return AnthropicError.decode(ask.provider(), response.status(), response::header, response.body());
    }

    @Override
    public @Nullable UpstreamRequest count(Ask ask) {
        return passes(ask) ? sent(ask, "/count_tokens", PassedRequest.encode(ask, new ArrayList<>(0)), 0) : null;
    }

    @Override
    public long tokens(Ask ask, UpstreamResponse response) {
        if (response.status() / 100 != 2) {
            throw decodeError(ask, response);
        }
        try {
            JsonNode count = Json.MAPPER.readTree(response.body()).path("input_tokens");
            if (count.canConvertToLong()) {
                return count.longValue();
            }
        } catch (IOException notJson) {
            // Told below.
        }
        throw new UpstreamProtocol("provider \"" + ask.provider().name() + "\" answered without a token count");
    }
}
