package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.provider.ResponsesHost;
import dev.mehari.transport.ClientExchange;
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
        return provider == null || request == null ? null : upstream.ask(provider, request, client);
    }
}
