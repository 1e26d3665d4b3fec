package dev.mehari.provider.openai;

import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.ModelListing;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.ResponsesHost;
import dev.mehari.provider.TokenCounter;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Chat Completions, Responses and Embeddings over HTTP. */
@Component("openAi")
public final class OpenAiProtocol implements Protocol, TokenCounter, ResponsesHost {
    private final OpenAiEmbeddings embeddings = new OpenAiEmbeddings();
    private final ChatOnly chatOnly = new ChatOnly();

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public boolean passes(Ask ask) {
        return passes(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public boolean passes(Ask ask, OpenAiPlace place) {
        return ask.dialect().equals("chat") || isNative(ask, place);
    }

    /** Whether it is asked for a response by that name, not for a chat. */
    private boolean isNative(Ask ask, OpenAiPlace place) {
        return ask.dialect().equals("responses") && place.responsesPath() != null && !chatOnly.holds(ask);
    }

    @Override
    public ModelListing models(Provider provider) {
        return new ModelListing("/models", null, provider.headers());
    }

    @Override
    public Encoded encode(Ask ask) {
        return encode(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public Encoded encode(Ask ask, OpenAiPlace place) {
        List<String> dropped = new ArrayList<>(0);
        String responsesPath = isNative(ask, place) ? place.responsesPath() : null;
        if (responsesPath != null) {
            byte[] body = ResponsesRequest.encode(ask, place.model(), dropped);
            return new Encoded(request(ask, responsesPath, body, ask.stream()), dropped);
        }
        byte[] body = ask.dialect().equals("chat")
                ? new OpenAiRequest(ask, place, dropped).encode()
                : OpenAiTranslation.encode(ask, place, dropped);
        return new Encoded(request(ask, place.path(), body, ask.stream()), dropped);
    }

    private static UpstreamRequest request(Ask ask, String path, byte[] body, boolean stream) {
        Provider provider = ask.provider();
        return new UpstreamRequest(
                target(provider),
                path,
                provider.headers(),
                body,
                stream,
                provider.timeouts(ask.request().maxTokens()));
    }

    static UpstreamTarget target(Provider provider) {
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        return target;
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        return decode(ask, OpenAiPlace.usual(ask), body);
    }

    /** The same for a host with paths and names of its own. */
    public Answer decode(Ask ask, OpenAiPlace place, byte[] body) {
        if (isNative(ask, place)) {
            return ResponsesAnswer.decode(ask, body);
        }
        Answer.Bytes passed = OpenAiAnswer.decode(ask, body);
        return ask.dialect().equals("chat") ? passed : OpenAiEvents.whole(ask, passed);
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return decodeStream(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public EventDecoder decodeStream(Ask ask, OpenAiPlace place) {
        if (isNative(ask, place)) {
            return new ResponsesStream(ask);
        }
        return ask.dialect().equals("chat") ? new OpenAiStream(ask) : new OpenAiEvents(ask);
    }

    @Override
    public FrameReader frames(Ask ask) {
        return frames(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public FrameReader frames(Ask ask, OpenAiPlace place) {
        if (isNative(ask, place)) {
            return new ResponsesEvents(ask);
        }
        return ask.dialect().equals("chat") ? new OpenAiEvents(ask) : FrameReader.NONE;
    }

    @Override
    public boolean isOpaque(Ask ask) {
        return isOpaque(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public boolean isOpaque(Ask ask, OpenAiPlace place) {
        return isNative(ask, place) && ResponsesEvents.isOpaque(ask);
    }

    @Override
    public ChatResponse translated(Ask ask, Answer.Bytes passed) {
        return translated(ask, OpenAiPlace.usual(ask), passed);
    }

    /** The same for a host with paths and names of its own. */
    public ChatResponse translated(Ask ask, OpenAiPlace place, Answer.Bytes passed) {
        return isNative(ask, place)
                ? ResponsesEvents.whole(ask, passed)
                : OpenAiEvents.whole(ask, passed).response();
    }

    @Override
    public EmbeddingsProtocol embeddings() {
        return embeddings;
    }

    @Override
    public FieldTable fields() {
        return OpenAiFields.TABLE;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return decodeError(ask, OpenAiPlace.usual(ask), response);
    }

    /** The same for a host with paths and names of its own. */
    public GatewayException decodeError(Ask ask, OpenAiPlace place, UpstreamResponse response) {
        GatewayException meant =
                OpenAiError.decode(ask.provider(), response.status(), response::header, response.body());
        if (!isNative(ask, place)) {
            return meant;
        }
        if (ChatOnly.isMeantBy(response)) {
            chatOnly.add(ask);
            return new GatewayException.AskOtherwise(
                    "provider \"" + ask.provider().name() + "\" does not know the Responses API", false);
        }
        return "previous_response_not_found".equals(meant.code())
                ? new GatewayException.AskOtherwise(meant.text(), true)
                : meant;
    }

    @Override
    public @Nullable UpstreamRequest count(Ask ask) {
        return count(ask, OpenAiPlace.usual(ask));
    }

    /** The same for a host with paths and names of its own. */
    public @Nullable UpstreamRequest count(Ask ask, OpenAiPlace place) {
        // Hosts that keep no state have been seen to have no more than the one endpoint.
        boolean counts =
                isNative(ask, place) && ask.provider().settings().responses().state();
        return counts
                ? request(ask, ResponsesCount.path(place), ResponsesCount.encode(ask, place.model()), false)
                : null;
    }

    @Override
    public long tokens(Ask ask, UpstreamResponse response) {
        if (response.status() / 100 != 2) {
            throw OpenAiError.decode(ask.provider(), response.status(), response::header, response.body());
        }
        return ResponsesCount.tokens(ask, response.body());
    }

    @Override
    public @Nullable UpstreamRequest stored(Provider provider, UpstreamRequest.Method method, String below) {
        return stored(provider, OpenAiPlace.responsesPath(provider), method, below);
    }

    /** The same for a host with paths of its own. */
    public @Nullable UpstreamRequest stored(
            Provider provider, @Nullable String path, UpstreamRequest.Method method, String below) {
        return stored(provider, path, method, below, "", false);
    }

    @Override
    public @Nullable UpstreamRequest followed(Provider provider, String id, int after) {
        return followed(provider, OpenAiPlace.responsesPath(provider), id, after);
    }

    /** The same for a host with paths of its own. */
    public @Nullable UpstreamRequest followed(Provider provider, @Nullable String path, String id, int after) {
        String query = after < 0 ? "stream=true" : "stream=true&starting_after=" + after;
        return stored(provider, path, UpstreamRequest.Method.GET, "/" + id, query, true);
    }

    private static @Nullable UpstreamRequest stored(
            Provider provider,
            @Nullable String path,
            UpstreamRequest.Method method,
            String below,
            String query,
            boolean stream) {
        if (path == null || !provider.settings().responses().state()) {
            return null;
        }
        int own = path.indexOf('?');
        String full = own < 0 ? path + below : path.substring(0, own) + below + path.substring(own);
        String asked = query.isEmpty() ? full : full + (own < 0 ? '?' : '&') + query;
        return new UpstreamRequest(
                target(provider), method, asked, provider.headers(), new byte[0], stream, provider.timeouts(null));
    }

    @Override
    public EventDecoder decodeFollowed(Provider provider, String alias) {
        return new ResponsesStream(provider, alias);
    }
}
