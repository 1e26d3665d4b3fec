package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.History;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.ResponseReplay;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.FieldNames;
import dev.mehari.dialect.OpenAiErrors;
import dev.mehari.dialect.RequestBody;
import dev.mehari.dialect.TokenEstimate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;

/** OpenAI's Responses. */
@Component
public final class ResponsesDialect implements Dialect {
    private static final int CHARS_A_TOKEN = 4;

    @Override
    public String name() {
        return "responses";
    }

    @Override
    public RequestFacts read(RequestBody body, boolean forceStream) {
        return ResponsesFacts.read(body, forceStream);
    }

    /** The same request after the conversation it goes on with. */
    public RequestFacts continued(RequestFacts request, History history) {
        return ResponsesFacts.continued(request, history);
    }

    @Override
    public EventEncoder streamWriter(RequestFacts request) {
        return new ResponsesStreamWriter(ResponseIds.next(), request.raw());
    }

    /** The last event of the stream that it would have been holds it whole. */
    @Override
    public byte[] write(ChatResponse response, RequestFacts request) {
        ResponsesStreamWriter writer = new ResponsesStreamWriter(ResponseIds.next(), request.raw());
        ByteSink events = new ByteSink(4096);
        ResponseReplay.play(response, event -> writer.encode(event, events));
        WholeEncoder.Whole whole = writer.whole();
        if (whole == null) {
            throw new IllegalStateException("a replay ends with its last event");
        }
        return whole.json();
    }

    @Override
    public List<String> ownOnly(RequestFacts request) {
        return OwnOnly.of(request.raw());
    }

    @Override
    public String newAnswerId() {
        return ResponseIds.next();
    }

    @Override
    public byte[] writeCount(long tokens) {
        return ("{\"object\":\"response.input_tokens\",\"input_tokens\":" + tokens + "}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public long guessTokens(RequestFacts request) {
        return TokenEstimate.of(request.raw(), List.of("instructions", "input", "tools"))
                + ResponsesFacts.chars(request.history()) / CHARS_A_TOKEN;
    }

    @Override
    public FieldNames fields() {
        return ResponsesFields.NAMES;
    }

    @Override
    public byte[] error(GatewayException failure) {
        return OpenAiErrors.body(failure);
    }

    @Override
    public byte[] errorEvent(GatewayException failure) {
        return ResponsesErrors.event(failure);
    }
}
