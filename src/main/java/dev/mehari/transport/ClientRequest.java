package dev.mehari.transport;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What a client asks for: one HTTP request, with its body read to the end. Safe to read from any thread. */
public final class ClientRequest {
    private final HttpServerRequest request;
    private final String path;
    private final String id;
    private final byte[] body;
    private final long receivedNanos;
    private final long readNanos = System.nanoTime();

    /** @param receivedNanos when its head was there */
    ClientRequest(HttpServerRequest request, String path, String id, byte[] body, long receivedNanos) {
        this.request = request;
        this.path = path;
        this.id = id;
        this.body = body;
        this.receivedNanos = receivedNanos;
    }

    /** What the client asks for whose request a door has let into a route. */
    public static ClientRequest of(Exchange exchange) {
        return ClientExchange.of(exchange).request();
    }

    public String method() {
        return request.method().name();
    }

    /** The path asked for, without a trailing slash. */
    public String path() {
        return path;
    }

    /**
     * The query parameters, decoded; of one that comes twice the first. When they are not well encoded, one that has all of
     * them for its name: a door that knows what it may be asked refuses that, where none at all would ask for everything.
     */
    public Map<String, String> query() {
        if (request.query() == null) {
            return Map.of();
        }
        try {
            Map<String, String> query = new HashMap<>();
            request.params().forEach(parameter -> query.putIfAbsent(parameter.getKey(), parameter.getValue()));
            return query;
        } catch (IllegalArgumentException notEncoded) {
            return Map.of(request.query(), "");
        }
    }

    /** The first value of a header, whatever its case. */
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    public MultiMap headers() {
        return request.headers();
    }

    /** The whole body, already decompressed. */
    public byte[] body() {
        return body;
    }

    /** The id it carries in logs and in its answer, as {@code x-request-id} and {@code request-id}. */
    public String id() {
        return id;
    }

    /** The address that the client, or the last proxy before us, has connected from; empty when it has none. */
    public String peer() {
        SocketAddress address = request.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "" : host;
    }

    /** Whether the client's connection ends here and is encrypted. */
    public boolean isTls() {
        return request.isSSL();
    }

    /** When its head was there, as {@link System#nanoTime()}, like all instants here. */
    public long receivedNanos() {
        return receivedNanos;
    }

    /** When its body was there. */
    public long readNanos() {
        return readNanos;
    }
}
