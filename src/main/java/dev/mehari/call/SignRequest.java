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
import org.jspecify.annotations.Nullable;
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
        Attempt attempt = Attempt.of(exchange);
        if (attempt.failure() != null) {
            return;
        }
        Provider provider = attempt.ask().provider();
        Credentials credentials = byProtocol.get(provider.protocol());
        if (credentials == null) {
            throw new IllegalStateException("no credentials are known for protocol \"" + provider.protocol() + "\"");
        }
        Object unsigned = attempt.request().unsigned();
        if (unsigned == null) {
            unsigned = exchange.getMessage().getBody();
            attempt.request().unsigned(unsigned);
        } else {
            credentials.refused(provider);
        }
        try {
            Object signed = unsigned instanceof List<?> several
                    ? several.stream()
                            .map(each -> sign(credentials, each, provider))
                            .toList()
                    : sign(credentials, unsigned, provider);
            exchange.setProperty("signed", !signed.equals(unsigned));
            exchange.getMessage().setBody(signed);
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }

    private static UpstreamRequest sign(Credentials credentials, @Nullable Object request, Provider provider) {
        if (!(request instanceof UpstreamRequest unsigned)) {
            throw new IllegalStateException("there is no request to sign; name an encoding step before it");
        }
        return credentials.sign(unsigned, provider);
    }
}
