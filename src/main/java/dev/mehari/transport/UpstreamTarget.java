package dev.mehari.transport;

import java.net.URI;
import java.time.Duration;

/**
 * Where a provider is and how to hold connections to it.
 *
 * @param name the provider's name, for messages and as the name of its pool
 * @param baseUri {@code http} or {@code https}, with the path that all its endpoints begin with
 * @param connectTimeout for TCP and TLS together
 * @param http2 whether to speak HTTP/2: agreed on inside TLS (else HTTP/1.1), without TLS spoken at once
 * @param maxConnections open at once; further calls wait for one. With HTTP/2 calls open at once, which share connections
 * @param maxStreams calls at once on one HTTP/2 connection; fewer when the provider says so
 * @param keepAlive how long an idle connection is kept
 * @param connectRetries how often a connection that could not be made is tried again, as nothing was sent on it
 */
public record UpstreamTarget(
        String name,
        URI baseUri,
        Duration connectTimeout,
        boolean http2,
        int maxConnections,
        int maxStreams,
        Duration keepAlive,
        int connectRetries) {

    boolean tls() {
        return "https".equalsIgnoreCase(baseUri.getScheme());
    }

    /** Without the brackets of an IPv6 address. */
    public String host() {
        String host = baseUri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    public int port() {
        return baseUri.getPort() >= 0 ? baseUri.getPort() : tls() ? 443 : 80;
    }
}
