package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Protocol;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Steps such as {@code openAiEncode}: writes the attempt's request in the provider's protocol into the body. A request
 * that the provider cannot serve is the caller's affair: the attempt fails, the breaker sees nothing.
 */
final class EncodeStep implements Processor {
    private final Protocol protocol;

    EncodeStep(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Attempt.of(exchange);
        try {
            Encoded encoded = protocol.encode(attempt.ask());
            attempt.encoded(protocol, encoded.dropped());
            exchange.getMessage().setBody(encoded.request());
        } catch (GatewayException refused) {
            attempt.fail(refused);
        }
    }
}
