package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.UpstreamResponse;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Steps such as {@code openAiDecode}: makes the attempt's answer of what the provider sent. For a stream it waits for the
 * first event that says something: up to there an error is still one that another deployment can make good.
 */
final class DecodeStep implements Processor {
    private final Protocol protocol;

    DecodeStep(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempt attempt = call.attempt();
        if (attempt.failure() != null) {
            return;
        }
        UpstreamResponse response = exchange.getMessage().getBody(UpstreamResponse.class);
        try {
            attempt.succeed(decode(call, attempt.ask(), response));
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }

    private Object decode(Call call, Ask ask, UpstreamResponse response) {
        if (response.isStream()) {
            return new AnswerStream(
                            call.client().loop(),
                            response.events(protocol.decodeStream(ask)),
                            call.dialect().streamWriter(call.request()),
                            DecodeStep::watch)
                    .awaitCommit(call.client());
        }
        if (response.status() / 100 != 2) {
            throw protocol.decodeError(ask, response);
        }
        if (ask.stream()) {
            // Some hosts answer an early error with 200 and plain JSON.
            protocol.decode(ask, response.body());
            throw new UpstreamProtocol(
                    "provider \"" + ask.provider().name() + "\" answered a streaming request without a stream");
        }
        return protocol.decode(ask, response.body());
    }

    /** Usage, cost and logs will listen here; they must not delay a chunk. */
    private static void watch(ChatEvent event) {}
}
