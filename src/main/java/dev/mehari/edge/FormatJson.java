package dev.mehari.edge;

import dev.mehari.call.Call;
import dev.mehari.chat.Answer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code formatJson}: makes the attempt's whole answer the body, as JSON in the client's dialect. */
@Component
final class FormatJson implements Processor {
    private final AnswerHeaders headers;

    FormatJson(AnswerHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        if (!(call.answer() instanceof Answer answer)) {
            throw new IllegalStateException("there is no whole answer to format; name formatSse for a stream");
        }
        byte[] json =
                switch (answer) {
                    case Answer.Bytes bytes -> bytes.json();
                    case Answer.Translated translated -> call.dialect().write(translated.response(), call.request());
                    case Answer.Embedded embedded -> call.dialect().write(embedded.response(), call.request());
                };
        headers.set(exchange.getMessage(), call);
        if (!call.keep(json)) {
            // The answer is paid for; what is lost is that a later request can go on from it.
            exchange.getMessage().setHeader("x-mehari-stored", "false");
        }
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setBody(json);
    }
}
