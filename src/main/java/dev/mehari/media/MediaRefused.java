package dev.mehari.media;

/** An address was not fetched. The message goes on after "it": for example {@code is larger than 20 MB}. */
public final class MediaRefused extends Exception {
    MediaRefused(String message) {
        super(message, null, false, false);
    }

    /** The message, never null. */
    public String text() {
        String message = getMessage();
        return message == null ? "could not be fetched" : message;
    }
}
