package dev.mehari.reload;

import org.jspecify.annotations.Nullable;

/** What stands in the chain of causes of a failure. */
public final class Causes {
    private Causes() {}

    /** The outermost one of a type. */
    static <T extends Throwable> @Nullable T find(Throwable root, Class<T> type) {
        for (Throwable cause = root; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** The message of the first cause, on one line. */
    public static String deepest(Throwable root) {
        Throwable cause = root;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
