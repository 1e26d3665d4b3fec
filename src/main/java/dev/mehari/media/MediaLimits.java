package dev.mehari.media;

import java.time.Duration;
import java.util.Set;

/**
 * How far a fetch may go.
 *
 * @param maxBytes of all that one request names together
 * @param maxHeldBytes of all that is fetched and not yet given back, by all calls; at least {@code maxBytes}
 * @param timeout of each, redirects and all
 * @param maxRedirects of each
 * @param allowed hosts that may be private, in small letters: {@code name} or {@code name:port}
 */
public record MediaLimits(long maxBytes, long maxHeldBytes, Duration timeout, int maxRedirects, Set<String> allowed) {}
