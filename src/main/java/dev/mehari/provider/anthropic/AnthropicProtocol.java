package dev.mehari.provider.anthropic;

import dev.mehari.chat.Answer;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.config.AnthropicSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Messages over HTTP. */
@Component("anthropic")
public final class AnthropicProtocol implements Protocol {
    /** The default: the one after it takes no sampling parameters, from any model. */
    private static final String VERSION = "2023-06-01";

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
    public Encoded encode(Ask ask) {
        Provider provider = ask.provider();
        AnthropicRequest request = new AnthropicRequest(
                ask.request().request().get(),
                provider.name(),
                models.find(ask.model()),
                settings,
                version(provider).equals(VERSION),
                ask.request().raw().bytes().length);
        byte[] body = request.encode(ask.model(), ask.stream());
        return new Encoded(sent(ask, body, request.maxTokens()), request.dropped());
    }

    private static UpstreamRequest sent(Ask ask, byte[] body, long maxTokens) {
        Provider provider = ask.provider();
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>(provider.headers());
        headers.add(Map.entry("anthropic-version", version(provider)));
        return new UpstreamRequest(
                target, path(provider, target), headers, body, ask.stream(), provider.timeouts(maxTokens));
    }

    /** Whether an operator's base URL ends in the API's version or not, the path has it once. */
    private static String path(Provider provider, UpstreamTarget target) {
        String path = provider.chatPath();
        int end = path.indexOf('/', 1);
        String base = target.baseUri().getPath();
        return end > 0 && base.endsWith(path.substring(0, end)) ? path.substring(end) : path;
    }

    private static String version(Provider provider) {
        String asked = provider.settings().apiVersion();
        return asked == null ? VERSION : asked;
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return AnthropicAnswer.decode(ask, models, body);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return new AnthropicStream(ask, models);
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return AnthropicError.decode(ask.provider(), response.status(), response::header, response.body());
    }
}
