package dev.mehari.call;

import dev.mehari.chat.GatewayException.Forbidden;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code refuseModel}: the model asked for is not to be had here, 403. */
@Component
final class RefuseModel implements Processor {
    @Override
    public void process(Exchange exchange) {
        throw new Forbidden(
                "model_not_allowed",
                "model \"" + exchange.getProperty("model", String.class) + "\" is not allowed at this gateway");
    }
}
