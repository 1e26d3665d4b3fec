package dev.mehari.routing;

/** What the planner has to know of providers, as the routes and the settings have them. Thread-safe. */
public interface ProviderStatus {
    /** Whether it can be called at all: it has a key, or needs none. */
    boolean isAvailable(String provider);

    /** When its circuit breaker lets calls through again, in milliseconds since 1970; not in the future: now. */
    long shutUntilMillis(String provider);
}
