package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.dialect.Dialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Steps such as {@code openAiEncode}: writes the attempt's request in the provider's protocol into the body. A request
 * that the provider cannot serve is the caller's affair: the attempt fails, the breaker sees nothing.
 */
final class EncodeStep implements Processor {
    private final Protocol protocol;
    private final boolean strictParams;

    /** @param strictParams whether a field that the provider does not take is the caller's fault: 400 */
    EncodeStep(Protocol protocol, boolean strictParams) {
        this.protocol = protocol;
        this.strictParams = strictParams;
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Attempt.of(exchange);
        Call call = Call.of(exchange);
        try {
            exchange.getMessage().setBody(encode(call, attempt));
        } catch (GatewayException refused) {
            attempt.fail(Unsupported.inClientsWords(refused, call.dialect()));
        }
    }

    private Object encode(Call call, Attempt attempt) {
        Ask ask = attempt.request().takeAsk();
        if (!ask.wantsEmbeddings()) {
            if (!protocol.passes(ask)) {
                Unsupported.refuseOwn(call.dialect(), ask);
            }
            Encoded chat = protocol.encode(ask);
            tell(call, attempt, chat.dropped());
            return chat.request();
        }
        EmbeddingsProtocol.EncodedEmbeddings embeddings =
                EmbeddingsProtocol.of(protocol, ask).encode(ask);
        tell(call, attempt, embeddings.dropped());
        return embeddings.requests();
    }

    private void tell(Call call, Attempt attempt, List<String> dropped) {
        Dialect dialect = call.dialect();
        Boolean own = call.calledBy().policy().strict();
        boolean strict = own == null ? strictParams : own;
        if (!dropped.isEmpty() && strict) {
            throw unsupported(
                    dialect.fields().named(dropped), attempt.ask().provider().name());
        }
        attempt.request()
                .encoded(protocol, protocol.passes(attempt.ask()), withHeaders(dropped, dialect, attempt.ask()));
    }

    /** Headers that ask for something are told of too, but are never a reason to refuse. */
    private List<String> withHeaders(List<String> dropped, Dialect dialect, Ask ask) {
        if (protocol.passes(ask)) {
            return dropped;
        }
        List<String> all = new ArrayList<>(dropped);
        for (String header : dialect.askingHeaders()) {
            if (ask.headers().containsKey(header)) {
                all.add(header);
            }
        }
        return all;
    }

    private static InvalidRequest unsupported(List<String> fields, String provider) {
        return new InvalidRequest(
                "unsupported_parameter",
                fields.getFirst(),
                "provider \"" + provider + "\" does not take " + String.join(", ", fields)
                        + ", and mehari.strict-params is on; leave it out, or ask for another model");
    }
}
