package dev.mehari.config;

/** The gateway cannot start, for a reason that its operator can mend. */
public final class StartupException extends RuntimeException {
    private final String action;

    /**
     * @param message what is wrong, and where
     * @param action what to do about it
     */
    public StartupException(String message, String action) {
        super(message);
        this.action = action;
    }

    public String action() {
        return action;
    }
}
