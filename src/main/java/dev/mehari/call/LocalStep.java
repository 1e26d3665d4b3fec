package dev.mehari.call;

import dev.mehari.chat.Answer;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.provider.LocalProtocol;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.WholeAnswer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Steps such as {@code demoAnswer}: the gateway answers by itself, by the same rules as an upstream would. */
final class LocalStep implements Processor {
    private final LocalProtocol protocol;

    LocalStep(LocalProtocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempt attempt = Attempt.of(exchange);
        attempt.sent();
        try {
            if (attempt.ask().wantsEmbeddings()) {
                attempt.succeed(new Answer.Embedded(protocol.embed(attempt.ask())));
                return;
            }
            EventSource source = protocol.open(attempt.ask(), call.client().loop());
            attempt.succeed(
                    attempt.ask().stream()
                            ? new AnswerStream(call.client().loop(), source, call.newEncoder(), attempt::watch)
                                    .awaitCommit(attempt.audience())
                            : new Answer.Translated(
                                    new WholeAnswer(call.client().loop(), source).await(attempt.audience())));
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }
}
