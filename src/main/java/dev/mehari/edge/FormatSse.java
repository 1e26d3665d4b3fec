package dev.mehari.edge;

import dev.mehari.call.Call;
import dev.mehari.transport.AnswerStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code formatSse}: makes the attempt's open stream the answer, as server-sent events in the client's dialect. The
 * route ends here; the events flow on, at the pace the client reads, without a thread.
 */
@Component
final class FormatSse implements Processor {
    private final AnswerHeaders headers;

    FormatSse(AnswerHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        if (!(call.answer() instanceof AnswerStream stream)) {
            throw new IllegalStateException("there is no open stream to format; name formatJson for a whole answer");
        }
        headers.set(exchange.getMessage(), call);
        exchange.getMessage().setBody(stream);
    }
}
