package dev.mehari.transport;

import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens.
 *
 * @param port 0 for any free one
 * @param loops how many event loops share the connections
 * @param maxBodyBytes the largest request body, counted before and after decompression
 * @param limits for a client's connections and the heads of its requests
 * @param pages of other origins that may call from a browser; null: none
 * @param delay how long calls are still taken after a stop has begun and readiness is down
 * @param grace how long open calls may go on when the gateway stops
 * @param tls sets certificates, when there are any
 */
public record ServerSettings(
        String host,
        int port,
        int loops,
        int maxBodyBytes,
        HttpLimits limits,
        @Nullable CrossOrigin pages,
        Duration delay,
        Duration grace,
        Consumer<HttpServerOptions> tls) {}
