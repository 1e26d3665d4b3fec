package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.provider.SseReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes a Responses stream on, event by event as the bytes they came in. Once the answer has begun, pieces of it are not
 * even looked at; of the others only what counts, ends or fails. One instance a stream.
 */
final class ResponsesStream implements EventDecoder {
    private final Provider provider;
    private final String who;
    private final ResponsesEdit edit;
    private final boolean followed;
    private final SseReader reader = new SseReader(this::record);

    private @Nullable EventSink sink;
    private @Nullable AnswerNames names;
    private boolean begun;
    private boolean calls;
    private boolean over;

    ResponsesStream(Ask ask) {
        this(ask.provider(), new ResponsesEdit(ask), false);
    }

    /**
     * Of a response that the client asks for again: nobody else can serve it, so whatever is told of it is its answer.
     *
     * @param alias the model's name that the client knows
     */
    ResponsesStream(Provider provider, String alias) {
        this(provider, new ResponsesEdit(alias), true);
    }

    private ResponsesStream(Provider provider, ResponsesEdit edit, boolean followed) {
        this.provider = provider;
        this.who = "provider \"" + provider.name() + "\" ";
        this.edit = edit;
        this.followed = followed;
        this.begun = followed;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        this.sink = sink;
        try {
            reader.feed(bytes, offset, length);
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()));
        }
    }

    @Override
    public void end(EventSink sink) {
        this.sink = sink;
        try {
            reader.end();
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()));
        }
        fail(new UpstreamUnavailable(502, who + "ended its stream before the answer was complete", null));
    }

    @Override
    public @Nullable AnswerNames names() {
        return names;
    }

    private void record(@Nullable String name, byte[] data, int offset, int length) {
        if (over || length == 0 || data[offset] == '[') {
            // Some hosts close with [DONE], which is none of this API's events.
            return;
        }
        byte[] json = SseReader.oneLine(Arrays.copyOfRange(data, offset, offset + length));
        if (begun && name != null && name.endsWith(".delta")) {
            emit(new ChatEvent.Frame(json, true, null, null, name));
            return;
        }
        ResponsesEvent event = ResponsesEvent.read(json);
        if (event == null) {
            fail(new UpstreamProtocol(who + "sent an event that is not a JSON object"));
        } else {
            take(event.type().isEmpty() && name != null ? name : event.type(), event, json);
        }
    }

    private void take(String type, ResponsesEvent event, byte[] json) {
        names = names == null ? event.names() : names;
        JsonNode failure = event.failure(type);
        byte[] passed = event.hasResponse() ? edit.event(json) : json;
        if (failure != null) {
            if (begun) {
                // Told in the provider's own words; what follows is for those who watch.
                emit(new ChatEvent.Frame(passed, followed, event.usage(), null, type));
            }
            fail(OpenAiError.inside(provider, failure));
            return;
        }
        begun |= event.commits();
        calls |= event.isCall();
        FinishReason finish = event.finish() == FinishReason.STOP && calls ? FinishReason.TOOL_CALLS : event.finish();
        emit(new ChatEvent.Frame(passed, followed || event.commits(), event.usage(), finish, type));
        if (finish != null) {
            over = true;
            emit(new ChatEvent.End());
        }
    }

    private void fail(GatewayException reason) {
        if (!over) {
            over = true;
            emit(new ChatEvent.Failure(reason));
        }
    }

    private void emit(ChatEvent event) {
        EventSink receiving = sink;
        if (receiving != null) {
            receiving.accept(event);
        }
    }
}
