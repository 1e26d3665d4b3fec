package dev.mehari.transport;

import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a provider: connecting, sending, waiting, and giving up in time. Lives on the loop of the
 * client it serves; only {@link #response()} may be touched from elsewhere.
 */
final class UpstreamCall {
    private static final Duration BEFORE_CONNECT_RETRY = Duration.ofMillis(50);

    private final Loop loop;
    private final HttpClient pool;
    private final UpstreamRequest request;
    private final int maxAnswerBytes;
    private final CompletableFuture<UpstreamResponse> response = new CompletableFuture<>();
    private final AttemptClock clock;

    private @Nullable HttpClientRequest sent;
    private @Nullable UpstreamStream stream;
    private int connectRetries;
    private boolean over;

    UpstreamCall(Loop loop, HttpClient pool, UpstreamRequest request, int maxAnswerBytes) {
        this.loop = loop;
        this.pool = pool;
        this.request = request;
        this.maxAnswerBytes = maxAnswerBytes;
        this.clock = new AttemptClock(loop, request.timeouts(), request.stream(), this::tooSlow);
    }

    /** Completed with the answer or its head, or with a {@link GatewayException}. */
    CompletableFuture<UpstreamResponse> response() {
        return response;
    }

    void start() {
        if (over) {
            return;
        }
        clock.start();
        connect();
    }

    private void connect() {
        pool.request(Upstream.options(request.target())
                        .setMethod(HttpMethod.POST)
                        .setURI(request.target().baseUri().getRawPath() + request.path()))
                .onComplete(connected -> {
                    if (connected.succeeded()) {
                        send(connected.result());
                    } else {
                        notConnected(connected.cause());
                    }
                });
    }

    private void notConnected(Throwable cause) {
        if (over) {
            return;
        }
        // Nothing was sent on a connection that was never made: the one failure that is safe to try again here.
        if (connectRetries++ < request.target().connectRetries() && !(cause instanceof ConnectTimeoutException)) {
            loop.after(BEFORE_CONNECT_RETRY, () -> {
                if (!over) {
                    connect();
                }
            });
            return;
        }
        fail(unreachable(cause));
    }

    private void send(HttpClientRequest connected) {
        if (over) {
            connected.reset();
            return;
        }
        sent = connected;
        request.headers().forEach(header -> connected.putHeader(header.getKey(), header.getValue()));
        connected.send(Buffer.buffer(request.body())).onComplete(answered -> {
            if (answered.succeeded()) {
                read(answered.result());
            } else if (!over) {
                fail(brokenOff("closed the connection before it answered", answered.cause()));
            }
        });
    }

    private void read(HttpClientResponse head) {
        if (over) {
            return;
        }
        boolean streams = request.stream() && head.statusCode() / 100 == 2 && isEventStream(head);
        if (streams) {
            stream = new UpstreamStream(loop, head, clock, this::close, name());
            response.complete(new UpstreamResponse(head.statusCode(), head.headers(), new byte[0], this::events));
        } else {
            collect(head);
        }
    }

    private EventSource events(EventDecoder decoder) {
        UpstreamStream opened = stream;
        if (opened == null) {
            throw new IllegalStateException("the stream is not open");
        }
        opened.decodeWith(decoder);
        return opened;
    }

    private void collect(HttpClientResponse head) {
        Buffer body = Buffer.buffer();
        head.handler(part -> {
            if (body.length() + part.length() > maxAnswerBytes) {
                fail(new UpstreamProtocol(
                        "provider \"" + name() + "\" answered with more than " + maxAnswerBytes + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        head.exceptionHandler(cause -> fail(brokenOff("broke off in the middle of its answer", cause)));
        head.endHandler(ended -> {
            if (!over) {
                over = true;
                clock.stop();
                response.complete(new UpstreamResponse(head.statusCode(), head.headers(), body.getBytes(), null));
            }
        });
    }

    /** Gives the request up and closes its connection, whatever it waits for. */
    void cancel(GatewayException reason) {
        fail(reason);
    }

    private void tooSlow(String what) {
        GatewayException reason = new UpstreamTimeout("provider \"" + name() + "\" " + what);
        UpstreamStream opened = stream;
        if (opened != null && !over) {
            opened.fail(reason);
        }
        fail(reason);
    }

    private void fail(GatewayException reason) {
        if (!over) {
            close();
            response.completeExceptionally(reason);
        }
    }

    private void close() {
        over = true;
        clock.stop();
        HttpClientRequest open = sent;
        if (open != null) {
            open.reset();
        }
    }

    private String name() {
        return request.target().name();
    }

    private GatewayException unreachable(Throwable cause) {
        String who = "provider \"" + name() + "\" ";
        if (cause instanceof ConnectTimeoutException) {
            return new UpstreamTimeout(who + "did not accept a connection within "
                    + request.target().connectTimeout().toMillis() + " ms");
        }
        if (cause instanceof UnknownHostException || cause.getCause() instanceof UnknownHostException) {
            return new UpstreamUnavailable(502, who + "cannot be reached: its host name is unknown", null);
        }
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            return new UpstreamUnavailable(502, who + "cannot be reached: the TLS handshake failed", null);
        }
        return new UpstreamUnavailable(502, who + "cannot be reached: no connection could be made", null);
    }

    private GatewayException brokenOff(String what, Throwable cause) {
        return cause instanceof GatewayException known
                ? known
                : new UpstreamUnavailable(502, "provider \"" + name() + "\" " + what, null);
    }

    private static boolean isEventStream(HttpClientResponse head) {
        String type = head.getHeader("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }
}
