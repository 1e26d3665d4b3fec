package dev.mehari.migrate;

import java.util.Map;

/**
 * How a provider is called: two models with the same one share a provider. Immutable.
 *
 * @param settings of {@code mehari.providers.<name>}, beyond what is shipped; names with dots are nested
 * @param label for its name, when it needs one beside the vendor's; may be empty
 */
record Account(Vendor vendor, Map<String, Object> settings, String label) {
    Account {
        settings = Map.copyOf(settings);
    }

    /** Whether the shipped provider is just that. */
    boolean isPlain() {
        return vendor.shipped() && settings.isEmpty();
    }

    /** Whether it may take the shipped provider's place: it is that vendor, with another key or place. */
    boolean fitsShipped() {
        boolean elsewhere = vendor.protocol().equals("openai") && settings.containsKey("base-url");
        return vendor.shipped() && (!elsewhere || vendor.provider().equals("ollama"));
    }
}
