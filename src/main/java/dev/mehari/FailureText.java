package dev.mehari;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds in a chain of causes what an operator needs to know. */
final class FailureText {
    private static final Pattern FILE =
            Pattern.compile("(?:file|classpath|class path resource)[: \\[]+([^\\s'\"\\]]+)");

    private FailureText() {}

    static <T extends Throwable> @Nullable T find(Throwable root, Class<T> type) {
        for (Throwable cause = root; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** The first file named in any message of the chain that holds the given text. */
    static @Nullable String firstQuoted(Throwable root, String part) {
        for (Throwable cause = root; cause != null; cause = cause.getCause()) {
            Matcher file = FILE.matcher(String.valueOf(cause.getMessage()));
            while (file.find()) {
                if (file.group(1).contains(part)) {
                    return file.group(1);
                }
            }
        }
        return null;
    }

    /** The message of the first cause. */
    static String deepest(Throwable root) {
        Throwable cause = root;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
