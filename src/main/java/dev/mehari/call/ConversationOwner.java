package dev.mehari.call;

import org.apache.camel.Exchange;

/** Whose conversations a call may see: those made with the same client key. Without keys all clients are one. */
public final class ConversationOwner {
    private static final String NOBODY = "anonymous";

    private ConversationOwner() {}

    /** The owner's name, from what {@code authenticateCall} found. */
    public static String of(Exchange exchange) {
        String key = exchange.getProperty("key", String.class);
        return key == null ? NOBODY : key;
    }
}
