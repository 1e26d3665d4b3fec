package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.Overloaded;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening side: one server a loop on a shared port. Reads each request whole, within its limit, and shows it
 * through its door. Thread-safe.
 */
public final class HttpServers {
    private static final Logger log = LoggerFactory.getLogger(HttpServers.class);

    /** Whoever watches us wants to know how we are also while we stop. */
    private static final String HEALTH = "/health";

    private static final Duration RETRY_LATER = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final HttpDoors doors;
    private final ServerSettings settings;
    private final BodyMemory bodyMemory;
    private final GracefulStop stop = new GracefulStop();
    private final Refusals refusals;
    private volatile int port;
    private volatile @Nullable HttpServer first;

    public HttpServers(Vertx vertx, HttpDoors doors, ServerSettings settings) {
        this.vertx = vertx;
        this.doors = doors;
        this.settings = settings;
        this.bodyMemory = BodyMemory.ofHeap(settings.maxBodyBytes());
        this.refusals = new Refusals(doors, stop);
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
        stop.listensAt(new Doorkeeper(settings.limits(), doors::fault).watch(vertx, port));
    }

    /** Takes the certificate anew from where the settings have it: for new connections, while open ones go on. */
    public void renewCertificate() {
        HttpServer listening = first;
        if (listening == null) {
            return;
        }
        listening
                .updateSSLOptions(options().getSslOptions(), true)
                .onSuccess(renewed -> log.info("the server's certificate was renewed"))
                .onFailure(cause -> log.error("the server's new certificate cannot be used, the old one stays", cause));
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
                client -> doors.fault(client.request().path(), client.request().id(), shuttingDown()));
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
                // connection: Vert.x's 200 resets would be taken for an attack by then.
                .setHttp2RstFloodMaxRstFramePerWindow(6000)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(settings.limits().streams())
                        .setMaxHeaderListSize(settings.limits().headerBytes()))
                // HTTP/1's own limits are those of the StrictRequestDecoder, which takes the place of Vert.x's.
                // A body that will be refused is not asked for.
                .setHandle100ContinueAutomatically(false)
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
            // What a client breaks is answered on its connection; Vert.x would log each as an error of ours.
            server.connectionHandler(connection -> connection.exceptionHandler(
                    cause -> log.debug("a client's connection broke: {}", cause.getMessage())));
            server.requestHandler(request -> receive(loop(), request));
            server.invalidRequestHandler(request -> refusals.refuse(
                    loop(), request, Door.trimSlash(path(request)), System.nanoTime(), Refusals.malformed(request)));
            server.listen().onComplete(listening -> {
                if (listening.succeeded()) {
                    port = listening.result().actualPort();
                    first = server;
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
        ConnectionGuard guard = ConnectionGuard.of(request.connection());
        if (guard != null) {
            if (guard.isFull()) {
                request.response().reset(Http2Error.REFUSED_STREAM.code());
                return;
            }
            guard.begun();
            request.response().endHandler(ended -> guard.ended());
        }
        String path = Door.trimSlash(path(request));
        Door door;
        BodyEncoding encoding;
        try {
            if (stop.isClosed() && !path.startsWith(HEALTH)) {
                throw shuttingDown();
            }
            if (permitted(path, request)) {
                return;
            }
            RequestHead.check(request, settings.limits().headers());
            door = doors.find(request.method().name(), path);
            checkLength(request);
            encoding = BodyEncoding.of(request.headers().getAll("content-encoding"));
            RequestHead.askForBody(request);
        } catch (GatewayException fault) {
            refusals.refuse(loop, request, path, receivedNanos, fault);
            return;
        }
        BodyReader reader = new BodyReader(
                loop, request, settings.maxBodyBytes(), settings.limits().bodyTimeout(), bodyMemory);
        if (guard != null) {
            guard.reads(reader);
        }
        reader.read()
                .compose(body -> unpacked(encoding, body))
                .onSuccess(body -> enter(loop, request, path, door, body, receivedNanos, reader, guard))
                .onFailure(cause -> {
                    reader.release();
                    refusals.refuse(loop, request, path, receivedNanos, Refusals.unreadable(cause), reader.isBroken());
                });
    }

    /** Whether the request was a browser's question, and is answered. */
    private boolean permitted(String path, HttpServerRequest request) {
        CrossOrigin pages = settings.pages();
        if (pages == null || !pages.welcome(path, request) || !CrossOrigin.isPreflight(request)) {
            return false;
        }
        List<String> methods = doors.methodsAt(path);
        if (!methods.isEmpty()) {
            pages.permit(request, methods);
        }
        return !methods.isEmpty();
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
            BodyReader reader,
            @Nullable ConnectionGuard guard) {
        if (request.response().closed()) {
            // Left while its body was unpacked.
            reader.release();
            return;
        }
        ClientRequest asked = new ClientRequest(request, path, RequestId.of(request), body, receivedNanos);
        ClientAnswer answer =
                new ClientAnswer(loop, request, asked.id(), settings.limits().idleTimeout(), stop::isLeaving);
        ClientExchange client = new ClientExchange(loop, asked, answer);
        client.onDone(() -> {
            reader.release();
            if (guard != null) {
                guard.ended();
            }
        });
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

    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "/" : path;
    }
}
