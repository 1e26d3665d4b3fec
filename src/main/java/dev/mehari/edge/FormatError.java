package dev.mehari.edge;

import dev.mehari.call.Call;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.Internal;
import dev.mehari.transport.ClientRequest;
import dev.mehari.transport.ErrorAnswer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Step {@code formatError}: whatever went wrong becomes an error in the client's dialect. */
@Component
final class FormatError implements Processor {
    private static final Logger log = LoggerFactory.getLogger(FormatError.class);

    private final DialectFaults faults;
    private final AnswerHeaders headers;

    FormatError(DialectFaults faults, AnswerHeaders headers) {
        this.faults = faults;
        this.headers = headers;
    }

    @Override
    public void process(Exchange exchange) {
        ClientRequest request = ClientRequest.of(exchange);
        GatewayException failure = failure(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        if (failure instanceof Internal) {
            log.error("{} {} failed [{}]", request.method(), request.path(), request.id(), failure.getCause());
        }
        Call call = exchange.getProperty("call", Call.class);
        if (call == null) {
            exchange.getMessage().setBody(faults.answer(request.path(), request.id(), failure));
            return;
        }
        ErrorAnswer answer = faults.answer(
                call.dialect(), request.id(), failure, call.attempts().retryAfter());
        exchange.getMessage().setBody(answer.with(call.answerHeaders()).with(headers.served(call)));
    }

    private static GatewayException failure(Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null) {
            if (cause instanceof GatewayException known) {
                return known;
            }
            cause = cause.getCause();
        }
        return new Internal(thrown);
    }
}
