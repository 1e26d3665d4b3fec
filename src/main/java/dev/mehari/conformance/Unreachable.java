package dev.mehari.conformance;

/** There is no endpoint to check; the message is the one line that tells why and what to do. */
public final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
        super(message);
    }
}
