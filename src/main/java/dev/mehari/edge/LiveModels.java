package dev.mehari.edge;

import dev.mehari.provider.ModelListing;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.transport.UpstreamTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpMethods;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The pieces of the route that asks providers for their own model lists, over Camel's http component: whom to ask, how,
 * and how the lists are put together. A provider that does not answer in time is left out.
 */
@Component("liveModels")
public final class LiveModels implements AggregationStrategy {
    private static final Logger log = LoggerFactory.getLogger(LiveModels.class);

    private final Providers providers;
    private final Map<String, Protocol> protocols;

    LiveModels(Providers providers, Collection<Protocol> protocols) {
        this.providers = providers;
        this.protocols = protocols.stream().collect(Collectors.toMap(Protocol::name, Function.identity()));
    }

    /** The providers that have a list to ask for. */
    public List<Provider> providers() {
        List<Provider> asked = new ArrayList<>();
        for (Provider provider : providers.all()) {
            if (provider.isAvailable() && provider.target() != null && listing(provider) != null) {
                asked.add(provider);
            }
        }
        return asked;
    }

    private @Nullable ModelListing listing(Provider provider) {
        Protocol protocol = protocols.get(provider.protocol());
        return protocol == null ? null : protocol.models(provider);
    }

    /** Turns the message, whose body is a provider, into the request for its list; nothing of the client's goes along. */
    public void ask(Exchange exchange) {
        Provider provider = exchange.getMessage().getBody(Provider.class);
        UpstreamTarget target = provider.target();
        ModelListing listing = listing(provider);
        if (target == null || listing == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no list");
        }
        exchange.getMessage()
                .setHeaders(exchange.getContext()
                        .getCamelContextExtension()
                        .getHeadersMapFactory()
                        .newMap());
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, HttpMethods.GET);
        if (listing.query() != null) {
            exchange.getMessage().setHeader(Exchange.HTTP_QUERY, listing.query());
        }
        listing.headers().forEach(header -> exchange.getMessage().setHeader(header.getKey(), header.getValue()));
        exchange.setProperty("modelsUrl", target.baseUri() + listing.path());
        exchange.setProperty("modelsOf", provider.name());
        exchange.getMessage().setBody(null);
    }

    @Override
    public Exchange aggregate(Exchange sofar, Exchange next) {
        List<Object> entries = new ArrayList<>();
        if (sofar != null) {
            entries.addAll(sofar.getMessage().getBody(List.class));
        }
        if (next.getException() != null) {
            log.info(
                    "provider \"{}\" gave no model list: {}",
                    next.getProperty("modelsOf"),
                    next.getException().getMessage());
            next.setException(null);
        } else if (next.getMessage().getBody() instanceof Map<?, ?> list) {
            entries.addAll(LiveEntries.of(list, next.getProperty("modelsOf", "", String.class)));
        }
        next.getMessage().setBody(entries);
        // The provider's headers are not ours to give; its content-length would even cut our answer.
        next.getMessage().removeHeaders("*");
        return next;
    }
}
