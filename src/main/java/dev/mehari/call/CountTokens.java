package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Ids;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.provider.TokenCounter;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.FailureClass;
import dev.mehari.routing.Plan;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamTimes;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.AttemptTimes;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.PlainText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code countTokens}: asks the planned provider how many tokens the request has. One that does not count, or fails
 * at it, is helped out with an estimate, which the header {@code x-mehari-estimated} marks: coding agents ask often, and
 * have no use for an error.
 */
@Component
final class CountTokens implements Processor {
    private static final Logger log = LoggerFactory.getLogger(CountTokens.class);

    private final Map<String, TokenCounter> counters = new HashMap<>();
    private final Providers providers;
    private final AskBeside upstream;

    CountTokens(List<Protocol> protocols, Providers providers, AskBeside upstream) {
        for (Protocol protocol : protocols) {
            if (protocol instanceof TokenCounter counter) {
                counters.put(protocol.name(), counter);
            }
        }
        this.providers = providers;
        this.upstream = upstream;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Plan plan = call.attempts().plan();
        Deployment deployment =
                plan.take(plan.candidates().getFirst().deployment()).deployment();
        Provider provider = providers.find(deployment.provider());
        if (provider == null) {
            throw new IllegalStateException("the plan names a provider that is not configured");
        }
        Ask ask = call.ask(provider, deployment.model(), call.request(), "");
        Asking asking = new Asking(ask, deployment);
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.beside(asking::told);
        }
        Long exact = exact(asking, call);
        long tokens = exact == null ? call.dialect().guessTokens(call.request()) : exact;
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setHeader("x-mehari-provider", provider.name());
        exchange.getMessage().setHeader("x-mehari-estimated", exact == null ? "true" : null);
        exchange.getMessage().setBody(call.dialect().writeCount(tokens));
    }

    private @Nullable Long exact(Asking asking, Call call) {
        Ask ask = asking.ask;
        TokenCounter counter = counters.get(ask.provider().protocol());
        UpstreamRequest request = counter == null ? null : counter.count(ask);
        if (counter == null || request == null) {
            return null;
        }
        try {
            return counter.tokens(ask, upstream.ask(ask.provider(), request, call.client(), asking.times));
        } catch (InvalidRequest | ContextTooLong | ClientGone callers) {
            asking.failure = callers;
            throw callers;
        } catch (GatewayException failure) {
            asking.failure = failure;
            log.info("provider \"{}\" gave no token count: {}", ask.provider().name(), failure.text());
            return null;
        }
    }

    /** What is to be told of the question, once the call is over. Belongs to the call's thread. */
    private static final class Asking {
        private final String id = Ids.random("", 20);
        private final Ask ask;
        private final Deployment deployment;
        private final UpstreamTimes times = new UpstreamTimes();
        private @Nullable GatewayException failure;

        Asking(Ask ask, Deployment deployment) {
            this.ask = ask;
            this.deployment = deployment;
        }

        AttemptRecord told() {
            GatewayException reason = failure;
            return new AttemptRecord(
                    id,
                    ask.provider().name(),
                    ask.provider().protocol(),
                    CallRecorder.server(ask.provider()),
                    PlainText.of(ask.model(), CallRecorder.LONGEST_NAME),
                    deployment.name(),
                    reason == null ? null : ErrorType.of(reason, true),
                    reason == null ? null : FailureClass.of(reason),
                    reason == null ? null : PlainText.of(reason.text(), CallRecorder.LONGEST_MESSAGE),
                    false,
                    null,
                    null,
                    null,
                    null,
                    new AttemptTimes(
                            times.connectingNanos(),
                            times.connectedNanos(),
                            times.newConnection(),
                            times.sentNanos(),
                            times.headersNanos(),
                            reason == null ? times.answeredNanos() : 0,
                            reason == null ? times.answeredNanos() : 0,
                            times.endedNanos()));
        }
    }
}
