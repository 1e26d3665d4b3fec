package dev.mehari.price;

/** What is paid for, by its name in {@code prices.yaml} and, but for the dash before a number, in the settings. */
public enum Rate {
    INPUT("input"),
    OUTPUT("output"),
    /** Read from the provider's cache. */
    CACHED("cached"),
    /** Written to the provider's cache. */
    CACHE_WRITE("cache-write"),
    /** Written there for an hour. */
    LONG_CACHE_WRITE("cache-write-1h"),
    REASONING("reasoning"),
    AUDIO_INPUT("audio-input"),
    AUDIO_OUTPUT("audio-output"),
    IMAGE_INPUT("image-input"),
    IMAGE_OUTPUT("image-output"),
    VIDEO_INPUT("video-input"),
    VIDEO_OUTPUT("video-output"),
    /** A search on the web that the provider runs; for a thousand of them, where all others are for a million tokens. */
    WEB_SEARCH("web-search");

    private final String wire;

    Rate(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** Of how many the price is told, as a power of ten. */
    int power() {
        return this == WEB_SEARCH ? 3 : 6;
    }
}
