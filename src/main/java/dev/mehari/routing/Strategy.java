package dev.mehari.routing;

import java.util.List;

/** In which order the deployments of one priority serve. Thread-safe. */
public sealed interface Strategy permits Weighted, LeastLatency, LeastBusy, Sticky {
    /** As the settings and {@code /stats} name it. */
    String name();

    /**
     * Puts the picks of one priority in order, in place.
     *
     * @param tier two at least
     */
    void order(List<Pick> tier, Needs needs, long nowMillis);
}
