package dev.mehari.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code mehari.http}: what a client may cost before its call begins. Immutable.
 *
 * @param connections open at once; further ones are closed unread
 * @param headers of a request, how many
 * @param headerSize of all of them
 * @param lineSize of a request line, which is method and address
 * @param streams at once on one HTTP/2 connection
 * @param headTimeout from a request's first byte to the end of its headers
 * @param bodyTimeout from there to the end of its body
 * @param idleTimeout of a connection without a request, and of a client that takes nothing of a complete answer
 */
public record HttpSettings(
        @DefaultValue("50000") int connections,
        @DefaultValue("100") int headers,
        @DefaultValue("32KB") DataSize headerSize,
        @DefaultValue("16KB") DataSize lineSize,
        @DefaultValue("100") int streams,
        @DefaultValue("30s") Duration headTimeout,
        @DefaultValue("60s") Duration bodyTimeout,
        @DefaultValue("75s") Duration idleTimeout) {

    /** Whether each limit lets something through. */
    public boolean arePositive() {
        return connections > 0
                && headers > 0
                && headerSize.toBytes() > 0
                && lineSize.toBytes() > 0
                && streams > 0
                && headTimeout.isPositive()
                && bodyTimeout.isPositive()
                && idleTimeout.isPositive();
    }
}
