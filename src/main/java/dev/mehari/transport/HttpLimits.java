package dev.mehari.transport;

import java.time.Duration;

/**
 * What one client may cost before a call begins. Immutable.
 *
 * @param connections open at once; further ones are closed unread
 * @param headers of a request, how many
 * @param headerBytes of a request's headers together; of HTTP/2 unpacked
 * @param lineBytes of a request line, which is method and address
 * @param streams at once on one HTTP/2 connection
 * @param headTimeout from a request's first byte to the end of its headers
 * @param bodyTimeout from there to the end of its body
 * @param idleTimeout of a connection without a request, and of a client that takes nothing of a complete answer
 */
public record HttpLimits(
        int connections,
        int headers,
        int headerBytes,
        int lineBytes,
        int streams,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout) {}
