package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Protocol;
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
        try {
            exchange.getMessage().setBody(encode(attempt));
        } catch (GatewayException refused) {
            attempt.fail(refused);
        }
    }

    private Object encode(Attempt attempt) {
        Ask ask = attempt.takeAsk();
        if (!ask.wantsEmbeddings()) {
            Encoded chat = protocol.encode(ask);
            tell(attempt, chat.dropped());
            return chat.request();
        }
        EmbeddingsProtocol.EncodedEmbeddings embeddings =
                EmbeddingsProtocol.of(protocol, ask).encode(ask);
        tell(attempt, embeddings.dropped());
        return embeddings.requests();
    }

    private void tell(Attempt attempt, List<String> dropped) {
        if (strictParams && !dropped.isEmpty()) {
            throw unsupported(dropped, attempt.ask().provider().name());
        }
        attempt.encoded(protocol, dropped);
    }

    private static InvalidRequest unsupported(List<String> fields, String provider) {
        return new InvalidRequest(
                "unsupported_parameter",
                fields.getFirst(),
                "provider \"" + provider + "\" does not take " + String.join(", ", fields)
                        + ", and mehari.strict-params is on; leave it out, or ask for another model");
    }
}
