package dev.mehari.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How Redis is.
 *
 * @param there whether it is asked; else every replica decides for itself
 * @param since when that began
 * @param reason why it is left alone; null when it is not
 * @param losses how often it was lost since the start
 * @param unanswered how many commands had no answer, or were not sent, since the start
 */
public record RedisStatus(
        boolean there, Instant since, @Nullable String reason, long losses, long unanswered) {}
