package dev.mehari.config;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code mehari.content}: whether what is said in calls goes into traces and the request log. Immutable.
 *
 * @param capture how much of it
 * @param maxSize of a request, and of an answer; what is longer is cut
 */
public record ContentSettings(
        @DefaultValue("off") Capture capture,
        @DefaultValue("64KB") DataSize maxSize) {
    /** How much is captured. */
    public enum Capture {
        /** Nothing. */
        OFF,
        /** Without what looks like secrets, addresses, numbers of people and cards; without media. */
        REDACTED,
        /** As it was said. */
        FULL
    }

    public boolean isCaptured() {
        return capture != Capture.OFF && maxSize.toBytes() > 0;
    }
}
