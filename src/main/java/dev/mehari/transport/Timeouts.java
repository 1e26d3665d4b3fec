package dev.mehari.transport;

import java.time.Duration;

/**
 * How long an attempt may take. The time to connect belongs to the pool ({@link UpstreamTarget}).
 *
 * @param firstToken from sending a streaming request to its first meaningful event
 * @param idle between two reads of a stream that has begun
 * @param total from sending to the last byte
 */
public record Timeouts(Duration firstToken, Duration idle, Duration total) {}
