package dev.mehari.call;

import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.dialect.Dialect;
import dev.mehari.provider.Ask;
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
        Ask ask;
        try {
            ask = supported(attempt.ask(), call.dialect());
        } catch (GatewayException refused) {
            attempt.fail(Unsupported.inClientsWords(refused, call.dialect()));
            return;
        }
        answer(ask, call, attempt);
    }

    /** The same, read once. */
    private static Ask supported(Ask ask, Dialect dialect) {
        if (ask.wantsEmbeddings()) {
            return ask;
        }
        Unsupported.refuseOwn(dialect, ask);
        ChatRequest request = ask.request().request().get();
        Unsupported.refuseBuiltInTools(request, ask);
        return ask.with(request);
    }

    private void answer(Ask ask, Call call, Attempt attempt) {
        attempt.sent();
        attempt.times().begins();
        attempt.times().sent();
        AnswerNames names = new AnswerNames(ask.answerId(), ask.model());
        try {
            if (ask.wantsEmbeddings()) {
                succeed(attempt, new Answer.Embedded(protocol.embed(ask), names));
                return;
            }
            EventSource source = protocol.open(ask, call.client().loop());
            attempt.stream().namedBy(() -> names);
            succeed(
                    attempt,
                    ask.stream()
                            ? new AnswerStream(call.client().loop(), source, call.newEncoder(attempt), attempt.stream())
                                    .awaitCommit(attempt.audience())
                            : new Answer.Translated(
                                    new WholeAnswer(call.client().loop(), source).await(attempt.audience()), names));
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
