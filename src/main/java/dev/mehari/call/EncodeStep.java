package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.InvalidRequest;
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
        Call call = Call.of(exchange);
        Attempt attempt = call.attempt();
        try {
            Encoded encoded = protocol.encode(attempt.ask());
            if (strictParams && !encoded.dropped().isEmpty()) {
                throw unsupported(
                        named(call, encoded.dropped()), attempt.ask().provider().name());
            }
            attempt.encoded(protocol, withHeaders(encoded.dropped(), call, attempt));
            exchange.getMessage().setBody(encoded.request());
        } catch (GatewayException refused) {
            attempt.fail(refused);
        }
    }

    /** Headers that ask for something are told of too, but are never a reason to refuse. */
    private List<String> withHeaders(List<String> dropped, Call call, Attempt attempt) {
        if (protocol.passes(call.dialect().name())) {
            return dropped;
        }
        List<String> all = new ArrayList<>(dropped);
        for (String header : call.dialect().askingHeaders()) {
            if (attempt.ask().headers().containsKey(header)) {
                all.add(header);
            }
        }
        return all;
    }

    private static List<String> named(Call call, List<String> fields) {
        return fields.stream().map(call.dialect().fields()::named).toList();
    }

    private static InvalidRequest unsupported(List<String> fields, String provider) {
        return new InvalidRequest(
                "unsupported_parameter",
                fields.getFirst(),
                "provider \"" + provider + "\" does not take " + String.join(", ", fields)
                        + ", and mehari.strict-params is on; leave it out, or ask for another model");
    }
}
