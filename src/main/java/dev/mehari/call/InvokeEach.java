package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.provider.Invocations;
import dev.mehari.provider.UpstreamRequestId;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Step {@code invokeEach}: as {@code callUpstream}, for the list of requests in the body, but over an endpoint of Camel's
 * own. It sends each of them through the route {@code invoke-<protocol>}, a few at a time, and puts the list of answers in
 * their place. Sets the property {@code upstreamStatus}.
 */
@Component
final class InvokeEach implements Processor {
    private final Map<String, Invocations> byProtocol;
    private final ProducerTemplate routes;

    /** @param routes made late: it starts with the routes, which name this step */
    InvokeEach(List<Invocations> invocations, @Lazy ProducerTemplate routes) {
        this.byProtocol = invocations.stream().collect(Collectors.toMap(Invocations::protocol, Function.identity()));
        this.routes = routes;
    }

    @Override
    public void process(Exchange exchange) {
        exchange.removeProperty("upstreamStatus");
        Attempt attempt = Attempt.of(exchange);
        if (attempt.failure() != null) {
            return;
        }
        if (!(exchange.getMessage().getBody() instanceof List<?> requests)) {
            throw new IllegalStateException("there is no list of requests; name an encoding step before it");
        }
        Call call = Call.of(exchange);
        attempt.sent();
        attempt.times().begins();
        attempt.times().sent();
        try {
            List<UpstreamResponse> answers = SendAll.send(
                    requests,
                    each -> send(exchange, attempt, each.within(call.attempts().timeLeft())));
            attempt.times().answered();
            attempt.requestId(UpstreamRequestId.read(answers.getLast()::header));
            exchange.setProperty("upstreamStatus", answers.getFirst().status());
            exchange.getMessage().setBody(answers);
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        } finally {
            attempt.times().ended();
        }
    }

    /** On a thread of its own, whose interruption ends a call of an endpoint, whatever it waits for. */
    private UpstreamResponse send(Exchange exchange, Attempt attempt, UpstreamRequest request) {
        CompletableFuture<UpstreamResponse> answer = new CompletableFuture<>();
        Thread worker = Thread.startVirtualThread(() -> {
            try {
                answer.complete(invoke(exchange.copy(), attempt, request));
            } catch (RuntimeException | Error failure) {
                answer.completeExceptionally(failure);
            }
        });
        attempt.audience().onGone(() -> answer.completeExceptionally(new ClientGone()));
        Duration limit = request.timeouts().total();
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooSlow) {
            throw new UpstreamTimeout(
                    "provider \"" + request.target().name() + "\" did not finish within " + limit.toMillis() + " ms");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ClientGone();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known ? known : new IllegalStateException(failure);
        } finally {
            worker.interrupt();
        }
    }

    private UpstreamResponse invoke(Exchange exchange, Attempt attempt, UpstreamRequest request) {
        String protocol = attempt.ask().provider().protocol();
        Invocations invocations = byProtocol.get(protocol);
        if (invocations == null) {
            throw new IllegalStateException("protocol \"" + protocol + "\" is not asked over an endpoint of Camel's");
        }
        exchange.getMessage().setBody(invocations.invocation(attempt.ask(), request));
        routes.send("direct:invoke-" + protocol, exchange);
        Exception broken = exchange.getException();
        return broken == null
                ? invocations.answer(exchange.getMessage().getBody())
                : invocations.failure(attempt.ask(), broken);
    }
}
