package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.Overloaded;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * The listening side: one server a loop on a shared port. Reads each request whole, within its limit, and shows it
 * through its door. Thread-safe.
 */
public final class HttpServers {
    /** Whoever watches us wants to know how we are also while we stop. */
    private static final String HEALTH = "/health";

    private static final Duration RETRY_LATER = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final HttpDoors doors;
    private final ServerSettings settings;
    private final BodyMemory bodyMemory;
    private final GracefulStop stop = new GracefulStop();
    private volatile int port;

    public HttpServers(Vertx vertx, HttpDoors doors, ServerSettings settings) {
        this.vertx = vertx;
        this.doors = doors;
        this.settings = settings;
        this.bodyMemory = BodyMemory.ofHeap(settings.maxBodyBytes());
    }

    /**
     * Begins to listen.
     *
     * @throws IllegalStateException when the port cannot be had, saying why
     */
    public void start() {
        try {
            vertx.deployVerticle(Listener::new, new DeploymentOptions().setInstances(settings.loops()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException failed) {
            throw new IllegalStateException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + failed.getMessage(), failed);
        }
    }

    /** The port in use; with port 0 the one that was free. */
    public int port() {
        return port;
    }

    /** Whether new calls are wanted: false from the moment that a stop begins, though they are still served for a while. */
    public boolean isOpen() {
        return port != 0 && !stop.isLeaving();
    }

    /**
     * Tells that it is leaving, then turns new calls away and waits, at most for the grace period, until the open ones
     * have ended; the rest get an error.
     */
    public void drain() {
        stop.run(
                settings.delay(),
                settings.grace(),
                client -> doors.fault(client.path(), client.requestId(), shuttingDown()));
    }

    private static Overloaded shuttingDown() {
        return new Overloaded("The gateway is shutting down; another one may answer.", RETRY_LATER);
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                // A negative port is Vert.x's way to share one random port among several servers.
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setTcpNoDelay(true)
                // Clients vanish without a word; their sockets must not stay for ever.
                .setTcpKeepAlive(true)
                .setReuseAddress(true)
                .setAcceptBacklog(4096)
                // Voice agents cancel calls all day, and a proxy may bring those of all its clients over one
                // connection:
                // Vert.x's 200 resets would be taken for an attack by then.
                .setHttp2RstFloodMaxRstFramePerWindow(6000)
                .setMaxHeaderSize(32 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setHandle100ContinueAutomatically(true)
                // No WebSockets here: their handlers would sit in every connection's pipeline.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setUseAlpn(true);
        settings.tls().accept(options);
        return options;
    }

    private final class Listener extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            HttpServer server = vertx.createHttpServer(options());
            server.connectionHandler(stop::accepted);
            server.requestHandler(request -> receive(loop(), request));
            server.invalidRequestHandler(request ->
                    refuse(loop(), request, Door.trimSlash(path(request)), System.nanoTime(), malformed(request)));
            server.listen().onComplete(listening -> {
                if (listening.succeeded()) {
                    port = listening.result().actualPort();
                    started.complete();
                } else {
                    started.fail(listening.cause());
                }
            });
        }
    }

    private Loop loop() {
        return new Loop(vertx, Vertx.currentContext());
    }

    private void receive(Loop loop, HttpServerRequest request) {
        long receivedNanos = System.nanoTime();
        stop.received(request);
        String path = Door.trimSlash(path(request));
        Door door;
        BodyEncoding encoding;
        try {
            if (stop.isClosed() && !path.startsWith(HEALTH)) {
                throw shuttingDown();
            }
            door = doors.find(request.method().name(), path);
            checkLength(request);
            encoding = BodyEncoding.of(request.headers().getAll("content-encoding"));
        } catch (GatewayException fault) {
            refuse(loop, request, path, receivedNanos, fault);
            return;
        }
        BodyReader reader = new BodyReader(loop, request, settings.maxBodyBytes(), bodyMemory);
        reader.read()
                .compose(body -> unpacked(encoding, body))
                .onSuccess(body -> enter(loop, request, path, door, body, receivedNanos, reader))
                .onFailure(cause -> {
                    reader.release();
                    refuse(loop, request, path, receivedNanos, unreadable(cause));
                });
    }

    private static GatewayException unreadable(Throwable cause) {
        return cause instanceof GatewayException fault
                ? fault
                : new InvalidRequest(null, "the request body could not be read: it ends early");
    }

    /** On a worker, as a large body takes a while that the loop's other connections must not wait. */
    private Future<byte[]> unpacked(BodyEncoding encoding, byte[] body) {
        return encoding == BodyEncoding.NONE
                ? Future.succeededFuture(body)
                : vertx.executeBlocking(() -> encoding.unpack(body, settings.maxBodyBytes()), false);
    }

    private void enter(
            Loop loop,
            HttpServerRequest request,
            String path,
            Door door,
            byte[] body,
            long receivedNanos,
            BodyReader reader) {
        if (request.response().closed()) {
            // Left while its body was unpacked.
            reader.release();
            return;
        }
        ClientExchange client =
                new ClientExchange(loop, request, path, RequestId.of(request), body, receivedNanos, stop::isLeaving);
        client.onDone(reader::release);
        stop.entered(client);
        doors.enter(door, client);
    }

    private void checkLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        // Netty has checked that it is a number; a longer one than fits is too large in any case.
        if (length != null && (length.length() > 18 || Long.parseLong(length) > settings.maxBodyBytes())) {
            throw BodyReader.tooLarge(settings.maxBodyBytes());
        }
    }

    private static GatewayException malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        boolean long_ = cause instanceof io.netty.handler.codec.TooLongFrameException;
        return long_
                ? new HttpFault(431, "headers_too_large", "The request line or headers are too long.")
                : new HttpFault(400, null, "The request is not valid HTTP.");
    }

    /** Answers before any route. What is left of the request is read for a moment, so that the answer gets through. */
    private void refuse(Loop loop, HttpServerRequest request, String path, long receivedNanos, GatewayException fault) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        String requestId = RequestId.of(request);
        ErrorAnswer error = doors.fault(path, requestId, fault);
        doors.refused(new Refusal(request.method().name(), path, requestId, fault, receivedNanos));
        MultiMap headers = request.response().headers();
        headers.set("x-request-id", requestId).set("request-id", requestId);
        for (Map.Entry<String, String> header : error.headers()) {
            headers.set(header.getKey(), header.getValue());
        }
        List<String> methods = fault.status() == 405 ? doors.methodsAt(path) : List.of();
        if (!methods.isEmpty()) {
            headers.set("allow", String.join(", ", methods));
        }
        boolean last = stop.isLeaving() && request.version() != HttpVersion.HTTP_2;
        if (last) {
            headers.set("connection", "close");
        }
        request.response().setStatusCode(error.status()).end(Buffer.buffer(error.body()));
        if (last && request.isEnded()) {
            loop.later(() -> request.connection().close());
        } else if (!request.isEnded()) {
            BodyReader.discard(loop, request);
        }
    }

    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "/" : path;
    }
}
