package dev.mehari.testing;

import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A provider that speaks HTTP/2 (Vert.x's server): with prior knowledge, or as TLS agrees on it. */
public final class Http2Upstream implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final boolean tls;
    private final List<HttpConnection> connections = new CopyOnWriteArrayList<>();
    private volatile Act act = new Act(request -> request.json(Answers.json("hello")));

    /** A behaviour and the requests that it was for: one that is late must not be taken for the next act's. */
    private record Act(Consumer<Request> behaviour, List<Request> requests, BlockingQueue<Request> arrivals) {
        Act(Consumer<Request> behaviour) {
            this(behaviour, new CopyOnWriteArrayList<>(), new LinkedBlockingQueue<>());
        }
    }

    public Http2Upstream() {
        this(new HttpServerOptions());
    }

    public Http2Upstream(HttpServerOptions options) {
        tls = options.isSsl();
        server = vertx.createHttpServer(options.setHost("127.0.0.1"))
                .connectionHandler(connections::add)
                .requestHandler(this::serve);
        server.listen(0).toCompletionStage().toCompletableFuture().join();
    }

    /** The base URL to configure, {@code /v1} included. */
    public String url() {
        return (tls ? "https" : "http") + "://127.0.0.1:" + server.actualPort() + "/v1";
    }

    public int port() {
        return server.actualPort();
    }

    /** What to do with every request from now on, once its body has come; called on an event loop. It then counts as arrived. */
    public void answer(Consumer<Request> behaviour) {
        act = new Act(behaviour);
    }

    /** Connections accepted so far. */
    public List<HttpConnection> connections() {
        return connections;
    }

    /** Requests since the behaviour was set. */
    public List<Request> requests() {
        return act.requests;
    }

    /** Waits for the next request that nobody has waited for yet. */
    public Request awaitRequest() throws InterruptedException {
        Request request = act.arrivals.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came within 10 s");
        }
        return request;
    }

    private void serve(HttpServerRequest received) {
        Request request = new Request(vertx, received);
        received.body().onSuccess(body -> {
            request.body = body.toString();
            Act now = act;
            now.requests.add(request);
            now.behaviour.accept(request);
            // Last: who waits for it goes on from where the behaviour has left off.
            now.arrivals.add(request);
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One request, and the ways to answer it. */
    public static final class Request {
        private final Vertx vertx;
        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final CompletableFuture<Long> reset = new CompletableFuture<>();
        private volatile String body = "";
        private volatile long lastPourNanos = System.nanoTime();

        private Request(Vertx vertx, HttpServerRequest request) {
            this.vertx = vertx;
            this.request = request;
            this.response = request.response();
            Consumer<Throwable> broken = cause -> {
                if (cause instanceof StreamResetException known) {
                    reset.complete(known.getCode());
                }
            };
            request.exceptionHandler(broken::accept);
            response.exceptionHandler(broken::accept);
        }

        public HttpVersion version() {
            return request.version();
        }

        public String header(String name) {
            return request.getHeader(name);
        }

        public String body() {
            return body;
        }

        public HttpConnection connection() {
            return request.connection();
        }

        public int stream() {
            return response.streamId();
        }

        /** A whole answer. */
        public void json(String json) {
            response.putHeader("content-type", "application/json").end(json);
        }

        /** Begins a stream, or goes on with it, by an event with that payload. */
        public Request event(String payload) {
            if (!response.headWritten()) {
                response.putHeader("content-type", "text/event-stream");
                response.setChunked(request.version() != HttpVersion.HTTP_2);
            }
            response.write("data: " + payload + "\n\n");
            return this;
        }

        public void end() {
            response.end();
        }

        /** An error with that status. */
        public void error(int status, String json) {
            response.setStatusCode(status);
            json(json);
        }

        /** Again and again the same, as fast as the gateway takes it, and then the end of a chat's stream. */
        public void flood(String bytes, int times) {
            response.putHeader("content-type", "text/event-stream");
            pour(bytes, times);
        }

        private void pour(String bytes, int times) {
            int left = times;
            while (left > 0 && !response.writeQueueFull()) {
                response.write(bytes);
                left--;
            }
            lastPourNanos = System.nanoTime();
            int rest = left;
            if (rest > 0) {
                response.drainHandler(room -> pour(bytes, rest));
            } else {
                event(Answers.finish()).event("[DONE]").end();
            }
        }

        /** Whether a flood has been held back for a while. */
        public boolean standsStill() {
            return System.nanoTime() - lastPourNanos > 300_000_000;
        }

        /** Resets the stream after what was sent has had time to arrive: a reset overtakes what is under way. */
        public void resetSoon(Http2Error why) {
            vertx.setTimer(50, due -> reset(why));
        }

        public void reset(Http2Error why) {
            response.reset(why.code());
        }

        /** Waits until the gateway has reset the stream, and tells with which code. */
        public long awaitReset() throws Exception {
            try {
                return reset.get(5, TimeUnit.SECONDS);
            } catch (TimeoutException late) {
                throw new AssertionError("the gateway kept the stream open for 5 seconds", late);
            }
        }

        public boolean isReset() {
            return reset.isDone();
        }
    }
}
