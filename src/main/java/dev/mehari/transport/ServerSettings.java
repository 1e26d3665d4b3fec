package dev.mehari.transport;

import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How the server listens.
 *
 * @param port 0 for any free one
 * @param loops how many event loops share the connections
 * @param maxBodyBytes the largest request body, counted before and after decompression
 * @param delay how long calls are still taken after a stop has begun and readiness is down
 * @param grace how long open calls may go on when the gateway stops
 * @param tls sets certificates, when there are any
 */
public record ServerSettings(
        String host,
        int port,
        int loops,
        int maxBodyBytes,
        Duration delay,
        Duration grace,
        Consumer<HttpServerOptions> tls) {}
