package dev.mehari.config;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.cors}: pages of other origins that may call from a browser. Immutable.
 *
 * @param origins such as {@code https://app.example}, or {@code *}; empty: none
 * @param headers that they may send; empty: those they ask for
 * @param maxAge how long a browser may remember what it was told of that
 */
public record CorsSettings(
        List<String> origins,
        List<String> headers,
        @DefaultValue("10m") Duration maxAge) {
    public CorsSettings {
        origins = origins == null ? List.of() : List.copyOf(origins);
        headers = headers == null ? List.of() : List.copyOf(headers);
    }
}
