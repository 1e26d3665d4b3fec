package dev.mehari.config;

/**
 * The settings as application.yaml has them now. Some may change while the gateway runs (docs/configuration.md); who asks
 * here for one of them gets the newest. Thread-safe.
 */
public final class LiveSettings {
    private volatile MehariSettings newest;

    public LiveSettings(MehariSettings settings) {
        this.newest = settings;
    }

    public MehariSettings get() {
        return newest;
    }

    public void replace(MehariSettings settings) {
        this.newest = settings;
    }
}
