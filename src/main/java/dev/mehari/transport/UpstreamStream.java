package dev.mehari.transport;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one open upstream stream, decoded as it arrives. Read only while its reader keeps up. On the loop only.
 */
final class UpstreamStream implements EventSource {
    private static final Logger log = LoggerFactory.getLogger(UpstreamStream.class);
    private static final Duration TO_END_OF_BODY = Duration.ofSeconds(1);

    private final Loop loop;
    private final HttpClientResponse response;
    private final EventDecoder decoder;
    private final AttemptClock clock;
    private final Runnable closeConnection;
    private final String provider;

    private @Nullable EventSink sink;
    private boolean bodyEnded;
    private boolean over;

    UpstreamStream(
            Loop loop,
            HttpClientResponse response,
            EventDecoder decoder,
            AttemptClock clock,
            Runnable closeConnection,
            String provider) {
        this.loop = loop;
        this.response = response;
        this.decoder = decoder;
        this.clock = clock;
        this.closeConnection = closeConnection;
        this.provider = provider;
    }

    @Override
    public void start(EventSink sink) {
        this.sink = sink;
        response.exceptionHandler(cause -> brokenOff());
        response.endHandler(ended -> end());
        response.handler(this::feed);
    }

    private void feed(Buffer part) {
        EventSink receiving = sink;
        if (over || receiving == null) {
            return;
        }
        clock.read();
        try {
            decode(part, receiving);
            receiving.flush();
        } catch (RuntimeException defect) {
            fail(internal(defect));
        }
    }

    private void decode(Buffer part, EventSink receiving) {
        ByteBuf bytes = part.getByteBuf();
        if (bytes.hasArray()) {
            decoder.feed(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes(), receiving);
        } else {
            byte[] copy = part.getBytes();
            decoder.feed(copy, 0, copy.length, receiving);
        }
    }

    private void end() {
        EventSink receiving = sink;
        bodyEnded = true;
        clock.stop();
        if (!over && receiving != null) {
            over = true;
            try {
                decoder.end(receiving);
                receiving.flush();
            } catch (RuntimeException defect) {
                tell(receiving, internal(defect));
            }
        }
    }

    /** A decoder does not throw for bad input; should one all the same, the call must not hang. */
    private GatewayException internal(RuntimeException defect) {
        log.error("reading the stream of provider \"{}\" failed", provider, defect);
        return new GatewayException.Internal(defect);
    }

    /** What had come before, and was held back for a slow client, flows first; it may even be the whole rest. */
    private void brokenOff() {
        response.resume();
        loop.later(() -> {
            if (!bodyEnded) {
                fail(new UpstreamUnavailable(502, "provider \"" + provider + "\" broke off its stream", null));
            }
        });
    }

    /** Ends the stream with a failure, when it has not ended by itself. */
    void fail(GatewayException reason) {
        EventSink receiving = sink;
        if (!over && receiving != null) {
            over = true;
            cut();
            tell(receiving, reason);
        }
    }

    private static void tell(EventSink receiving, GatewayException reason) {
        receiving.accept(new ChatEvent.Failure(reason));
        receiving.flush();
    }

    @Override
    public void committed() {
        clock.committed();
    }

    @Override
    public void pause() {
        clock.hold(true);
        response.pause();
    }

    @Override
    public void resume() {
        clock.hold(false);
        response.resume();
    }

    @Override
    public void finished() {
        if (!over) {
            over = true;
            // The body's own end lets the connection be used again; it is due any moment.
            response.resume();
            loop.after(TO_END_OF_BODY, this::cutUnlessEnded);
        }
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            cut();
        }
    }

    /**
     * Closes the connection in the middle of the body. But Vert.x lends a connection to the next call as soon as the
     * whole response has arrived, even while we hold the end of it back unread, and a reset would then hit that call. So
     * what is held back flows off first.
     */
    private void cut() {
        clock.stop();
        response.resume();
        loop.later(this::cutUnlessEnded);
    }

    private void cutUnlessEnded() {
        if (!bodyEnded) {
            closeConnection.run();
        }
    }
}
