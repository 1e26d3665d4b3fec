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
        attempt.times().begins();
        attempt.times().sent();
        try {
            if (attempt.ask().wantsEmbeddings()) {
                succeed(attempt, new Answer.Embedded(protocol.embed(attempt.ask())));
                return;
            }
            EventSource source = protocol.open(attempt.ask(), call.client().loop());
            succeed(
                    attempt,
                    attempt.ask().stream()
                            ? new AnswerStream(
                                            call.client().loop(), source, call.newEncoder(attempt), attempt.watcher())
                                    .awaitCommit(attempt.audience())
                            : new Answer.Translated(
                                    new WholeAnswer(call.client().loop(), source).await(attempt.audience())));
        } catch (GatewayException failure) {
            attempt.times().ended();
            AttemptFailure.note(attempt, failure);
        }
    }

    private static void succeed(Attempt attempt, Object answer) {
        if (answer instanceof AnswerStream stream) {
            attempt.times().answered(stream.committedNanos());
        } else {
            attempt.times().answered();
            attempt.times().ended();
        }
        attempt.succeed(answer);
    }
}
