package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.provider.ResponsesHost;
import dev.mehari.transport.ClientExchange;
import dev.mehari.transport.StreamCodec;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the provider that keeps a response about it. Blocks; thread-safe. */
@Component
public final class AskKeeper {
    private final Map<String, ResponsesHost> hosts = new HashMap<>();
    private final Map<String, Credentials> credentials = new HashMap<>();
    private final Providers providers;
    private final Upstream upstream;

    AskKeeper(List<ResponsesHost> hosts, List<Credentials> credentials, Providers providers, Upstream upstream) {
        hosts.forEach(host -> this.hosts.put(host.name(), host));
        credentials.forEach(one -> one.protocols().forEach(protocol -> this.credentials.put(protocol, one)));
        this.providers = providers;
        this.upstream = upstream;
    }

    /**
     * What it answers.
     *
     * @param name of the provider
     * @param below the path below that of the API, with a leading slash
     * @param client who waits for it
     * @return null when that provider keeps nothing, or is not configured any more
     * @throws GatewayException it cannot be reached
     */
    public @Nullable UpstreamResponse ask(
            String name, UpstreamRequest.Method method, String below, ClientExchange client) {
        Provider provider = providers.find(name);
        ResponsesHost host = provider == null ? null : hosts.get(provider.protocol());
        UpstreamRequest request = provider == null || host == null ? null : host.stored(provider, method, below);
        if (provider == null || request == null) {
            return null;
        }
        Credentials proof = credentials.get(provider.protocol());
        return upstream.send(proof == null ? request : proof.sign(request, provider), client, NO_STREAM);
    }

    /** What is asked about a response comes whole. */
    private static final StreamCodec NO_STREAM = new StreamCodec() {
        @Override
        public EventDecoder newDecoder() {
            throw new IllegalStateException("this is no stream");
        }

        @Override
        public EventEncoder newEncoder() {
            throw new IllegalStateException("this is no stream");
        }

        @Override
        public void watch(ChatEvent event) {}
    };
}
