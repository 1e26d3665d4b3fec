package dev.mehari.call;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException;
import dev.mehari.config.MehariSettings;
import dev.mehari.media.MediaFetcher;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code fetchMedia}, before an encoding step: fetches the images and files at web addresses that the provider does
 * not read itself, and puts them into the request that this attempt encodes. What was fetched once serves the attempts
 * after it too.
 */
@Component
final class FetchMedia implements Processor {
    private final Map<String, Protocol> protocols;
    private final MediaFetcher fetcher;
    private final boolean enabled;

    FetchMedia(List<Protocol> protocols, MediaFetcher fetcher, MehariSettings settings) {
        this.protocols = protocols.stream().collect(Collectors.toUnmodifiableMap(Protocol::name, Function.identity()));
        this.fetcher = fetcher;
        this.enabled = settings.media().fetch();
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempt attempt = Attempt.of(exchange);
        Ask ask = attempt.ask();
        if (!enabled || attempt.failure() != null || ask.wantsEmbeddings()) {
            return;
        }
        try {
            ChatRequest request = ask.request().request().get();
            attempt.request().prepared(complete(request, protocol(ask), call));
        } catch (GatewayException refused) {
            attempt.fail(refused);
        }
    }

    private Protocol protocol(Ask ask) {
        Protocol protocol = protocols.get(ask.provider().protocol());
        if (protocol == null) {
            throw new IllegalStateException("protocol \"" + ask.provider().protocol() + "\" is not known");
        }
        return protocol;
    }

    private ChatRequest complete(ChatRequest request, Protocol protocol, Call call) {
        List<String> missing = new ArrayList<>();
        for (var message : request.messages()) {
            for (AssistantPart part : message.content()) {
                String url = FetchedParts.webAddress(part);
                if (url != null
                        && !protocol.reads(url)
                        && !call.media().outcomes().containsKey(url)) {
                    missing.add(url);
                }
            }
        }
        if (!missing.isEmpty()) {
            call.media().add(fetcher.fetch(missing), fetcher);
            call.client().onDone(call.media()::giveBack);
        }
        return call.media().outcomes().isEmpty()
                ? request
                : new FetchedParts(call.media().outcomes()).putInto(request);
    }
}
