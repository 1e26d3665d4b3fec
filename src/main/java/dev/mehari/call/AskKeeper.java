package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.conversation.StoredResponse;
import dev.mehari.dialect.responses.ResponsesStreamWriter;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.provider.ResponsesHost;
import dev.mehari.transport.ClientExchange;
import dev.mehari.transport.StreamCodec;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTimes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the provider that keeps a response about it. Blocks; thread-safe. */
@Component
public final class AskKeeper {
    private final Map<String, ResponsesHost> hosts = new HashMap<>();
    private final Providers providers;
    private final AskBeside upstream;

    AskKeeper(List<ResponsesHost> hosts, Providers providers, AskBeside upstream) {
        hosts.forEach(host -> this.hosts.put(host.name(), host));
        this.providers = providers;
        this.upstream = upstream;
    }

    /**
     * What it answers.
     *
     * @param stored a response of its
     * @param below the path below that of the response: empty, or with a leading slash
     * @param client who waits for it
     * @return null when that provider keeps nothing, or is not configured any more
     * @throws GatewayException it cannot be reached
     */
    public @Nullable UpstreamResponse ask(
            StoredResponse stored, UpstreamRequest.Method method, String below, ClientExchange client) {
        Keeper keeper = keeper(stored);
        UpstreamRequest request =
                keeper == null ? null : keeper.host().stored(keeper.provider(), method, "/" + id(stored) + below);
        return keeper == null || request == null ? null : upstream.ask(keeper.provider(), request, client);
    }

    /**
     * The stream of what it keeps, or what it answers instead.
     *
     * @param stored a response of its
     * @param after the {@code sequence_number} of the last event that is not wanted; -1: all are wanted
     * @param client who reads it
     * @param keep is told the whole response, on the client's loop, should the stream tell it; must not block
     * @return null when that provider keeps nothing, or is not configured any more
     * @throws GatewayException it cannot be reached, or had nothing to tell
     */
    public @Nullable UpstreamResponse follow(
            StoredResponse stored, int after, ClientExchange client, Consumer<WholeEncoder.Whole> keep) {
        Keeper keeper = keeper(stored);
        UpstreamRequest request = keeper == null ? null : keeper.host().followed(keeper.provider(), id(stored), after);
        return keeper == null || request == null
                ? null
                : upstream.ask(keeper.provider(), request, client, new Followed(keeper, stored, keep));
    }

    private record Keeper(Provider provider, ResponsesHost host) {}

    private @Nullable Keeper keeper(StoredResponse stored) {
        Provider provider = stored.provider() == null ? null : providers.find(stored.provider());
        ResponsesHost host = provider == null ? null : hosts.get(provider.protocol());
        return provider == null || host == null ? null : new Keeper(provider, host);
    }

    /** As it stands in a path. */
    private static String id(StoredResponse stored) {
        return URLEncoder.encode(stored.id(), StandardCharsets.UTF_8);
    }

    /** Its events as they come. */
    private record Followed(Keeper keeper, StoredResponse stored, Consumer<WholeEncoder.Whole> keep)
            implements StreamCodec {
        @Override
        public EventDecoder newDecoder() {
            return keeper.host().decodeFollowed(keeper.provider(), stored.model());
        }

        @Override
        public EventEncoder newEncoder() {
            return new KeptEncoder(ResponsesStreamWriter.ofStored(stored.id()), null, keep);
        }

        @Override
        public void watch(ChatEvent event) {}

        @Override
        public UpstreamTimes times() {
            return new UpstreamTimes();
        }
    }
}
