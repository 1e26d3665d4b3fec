package dev.mehari.store;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why Redis did not answer, in words. */
final class RedisFailure {
    private static final int MOST = 200;

    private RedisFailure() {}

    /** What went wrong, out of what a future wraps it in. */
    static Throwable cause(Throwable failure) {
        Throwable inner = failure.getCause();
        return failure instanceof CompletionException && inner != null ? inner : failure;
    }

    /**
     * Whether Redis works, and the command or its script is wrong. Other replies (LOADING, READONLY, OOM, MISCONF, NOPERM and
     * their like) say that the server is unfit. Redis 6 wraps those of scripts: {@code ERR Error running script (call to
     * f_0): @user_script:1: -OOM command not allowed}.
     */
    static boolean isOurs(Throwable failure) {
        String message = cause(failure) instanceof RedisCommandExecutionException reply ? reply.getMessage() : null;
        return message != null
                && (message.startsWith("ERR ") || message.startsWith("WRONGTYPE "))
                && !message.contains(": -");
    }

    /** One line for the log; never the password. */
    static String text(Throwable failure, RedisAddress address) {
        Throwable deepest = failure;
        for (Throwable inner = deepest.getCause(); inner != null; inner = inner.getCause()) {
            deepest = inner;
        }
        String message = deepest instanceof TimeoutException ? "no reply in time" : deepest.getMessage();
        String text = message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
        return shortened(without(address.password(), text.lines().findFirst().orElse(text)));
    }

    /** Servers that do not know a command repeat its arguments, those of AUTH too. */
    private static String without(@Nullable String secret, String text) {
        return secret == null ? text : text.replace(secret, "***");
    }

    private static String shortened(String text) {
        return text.length() > MOST ? text.substring(0, MOST) + "…" : text;
    }
}
