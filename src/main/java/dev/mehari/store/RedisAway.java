package dev.mehari.store;

/** Redis did not answer in time, or is being left alone because it did not: decide without it. Carries no stack trace. */
public final class RedisAway extends Exception {
    private final boolean mayHaveRun;

    /** @param mayHaveRun whether the command was sent, so that its effect may be there, or yet to come */
    RedisAway(String reason, boolean mayHaveRun) {
        super(reason, null, false, false);
        this.mayHaveRun = mayHaveRun;
    }

    public boolean mayHaveRun() {
        return mayHaveRun;
    }
}
