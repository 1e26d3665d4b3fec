package dev.mehari.call;

import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Providers that an administrator has taken out of service for now: calls under way end, new ones pass them by. Thread-safe. */
@Component
public final class SuspendedProviders {
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    public boolean contains(String provider) {
        // Almost always nobody is suspended.
        return !names.isEmpty() && names.contains(provider);
    }

    public void suspend(String provider) {
        names.add(provider);
    }

    public void resume(String provider) {
        names.remove(provider);
    }

    /** What a client is told whose model nobody else serves. */
    UpstreamUnavailable refusal(String provider) {
        return new UpstreamUnavailable(503, "provider \"" + provider + "\" is suspended by an administrator", null);
    }
}
