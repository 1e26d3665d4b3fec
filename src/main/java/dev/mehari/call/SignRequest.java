package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code signRequest}: adds the credentials that a fixed key cannot be, a token or a signature, to the request in the
 * body. Sets the property {@code signed}: whether it added any, so that it makes sense to come here once more when the
 * provider answers 401. Then the request is signed anew, with something fresh.
 */
@Component
final class SignRequest implements Processor {
    private final Map<String, Credentials> byProtocol;

    SignRequest(List<Credentials> credentials) {
        this.byProtocol = new HashMap<>();
        credentials.forEach(one -> one.protocols().forEach(protocol -> byProtocol.put(protocol, one)));
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Call.of(exchange).attempt();
        if (attempt.failure() != null) {
            return;
        }
        Provider provider = attempt.ask().provider();
        Credentials credentials = byProtocol.get(provider.protocol());
        if (credentials == null) {
            throw new IllegalStateException("no credentials are known for protocol \"" + provider.protocol() + "\"");
        }
        UpstreamRequest unsigned = attempt.unsigned();
        if (unsigned == null) {
            unsigned = exchange.getMessage().getBody(UpstreamRequest.class);
            attempt.unsigned(unsigned);
        } else {
            credentials.refused(provider);
        }
        try {
            UpstreamRequest signed = credentials.sign(unsigned, provider);
            exchange.setProperty("signed", signed != unsigned);
            exchange.getMessage().setBody(signed);
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }
}
