package dev.mehari.call;

import dev.mehari.chat.Answer;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.UpstreamLimits;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.UpstreamResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Steps such as {@code openAiDecode}: makes the attempt's answer, or its failure, of what the provider sent. */
final class DecodeStep implements Processor {
    private final Protocol protocol;

    DecodeStep(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Attempt.of(exchange);
        if (attempt.failure() != null) {
            return;
        }
        Object body = exchange.getMessage().getBody();
        try {
            attempt.succeed(
                    switch (body) {
                        case UpstreamResponse response -> {
                            attempt.told(UpstreamLimits.read(response::header, Instant.now()));
                            yield decode(attempt.ask(), response);
                        }
                        case List<?> answers -> {
                            UpstreamResponse last = (UpstreamResponse) answers.getLast();
                            attempt.told(UpstreamLimits.read(last::header, Instant.now()));
                            yield decodeEmbeddings(attempt.ask(), answers);
                        }
                        default ->
                            throw new IllegalStateException("there is no answer to read; name callUpstream before it");
                    });
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }

    private Object decode(Ask ask, UpstreamResponse response) {
        AnswerStream stream = response.stream();
        if (stream != null) {
            return stream;
        }
        if (response.status() / 100 != 2) {
            throw protocol.decodeError(ask, response);
        }
        Answer whole = protocol.decode(ask, response.body());
        if (ask.stream()) {
            // Had it been an error in the clothes of a 200, decoding would have said so.
            throw new UpstreamProtocol(
                    "provider \"" + ask.provider().name() + "\" answered a streaming request without a stream");
        }
        return whole;
    }

    private Answer decodeEmbeddings(Ask ask, List<?> answers) {
        List<UpstreamResponse> responses = new ArrayList<>(answers.size());
        for (Object answer : answers) {
            UpstreamResponse response = (UpstreamResponse) answer;
            if (response.status() / 100 != 2) {
                throw protocol.decodeError(ask, response);
            }
            responses.add(response);
        }
        return EmbeddingsProtocol.of(protocol, ask).decode(ask, responses);
    }
}
