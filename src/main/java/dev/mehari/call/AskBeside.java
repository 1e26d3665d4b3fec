package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.Provider;
import dev.mehari.transport.ClientExchange;
import dev.mehari.transport.StreamCodec;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTimes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Asks a provider something that is no attempt at an answer: for a count, or about a response it keeps. Thread-safe. */
@Component
final class AskBeside {
    private final Map<String, Credentials> credentials = new HashMap<>();
    private final Upstream upstream;

    AskBeside(List<Credentials> credentials, Upstream upstream) {
        credentials.forEach(one -> one.protocols().forEach(protocol -> this.credentials.put(protocol, one)));
        this.upstream = upstream;
    }

    /**
     * What it answers, whatever its status. Blocks.
     *
     * @param client who waits for it
     * @throws GatewayException it cannot be reached, or there is nothing to prove us with
     */
    UpstreamResponse ask(Provider provider, UpstreamRequest request, ClientExchange client) {
        return ask(provider, request, client, new UpstreamTimes());
    }

    /** The same, noting how far it gets and when. */
    UpstreamResponse ask(Provider provider, UpstreamRequest request, ClientExchange client, UpstreamTimes times) {
        return ask(provider, request, client, new NoStream(times));
    }

    /** The same for an answer that may be a stream. */
    UpstreamResponse ask(Provider provider, UpstreamRequest request, ClientExchange client, StreamCodec codec) {
        Credentials proof = credentials.get(provider.protocol());
        return upstream.send(proof == null ? request : proof.sign(request, provider), client, codec);
    }

    /** Such answers come whole. */
    private record NoStream(UpstreamTimes times) implements StreamCodec {
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
    }
}
