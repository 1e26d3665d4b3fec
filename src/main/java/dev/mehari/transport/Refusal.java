package dev.mehari.transport;

import dev.mehari.chat.GatewayException;

/**
 * A request that was refused before any route saw it: too large, while stopping, unknown path, no HTTP.
 *
 * @param receivedNanos when its head was there, as {@link System#nanoTime()}
 */
public record Refusal(String method, String path, String requestId, GatewayException fault, long receivedNanos) {}
