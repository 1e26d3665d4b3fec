package dev.mehari.store;

/**
 * Redis did not answer in time, is being left alone because it did not, or refused a command: decide without it. Carries
 * no stack trace.
 */
public final class RedisAway extends Exception {
    private final boolean mayHaveRun;
    private final boolean refusal;

    /** @param mayHaveRun whether the command was sent, so that its effect may be there, or yet to come */
    RedisAway(String reason, boolean mayHaveRun) {
        this(reason, mayHaveRun, false);
    }

    private RedisAway(String reason, boolean mayHaveRun, boolean refusal) {
        super(reason, null, false, false);
        this.mayHaveRun = mayHaveRun;
        this.refusal = refusal;
    }

    /** Of a script that may have run half-way: what it wrote before its error stays. */
    static RedisAway refused() {
        return new RedisAway("Redis refused it", true, true);
    }

    /** Whether Redis is there and will refuse it every time, so that it must not be sent again. */
    static boolean isRefusal(Throwable failure) {
        return RedisFailure.cause(failure) instanceof RedisAway away && away.refusal;
    }

    public boolean mayHaveRun() {
        return mayHaveRun;
    }
}
