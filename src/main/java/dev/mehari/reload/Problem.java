package dev.mehari.reload;

import org.jspecify.annotations.Nullable;

/**
 * Why a file cannot be used.
 *
 * @param file as the operator knows it; null: the mistake stands in no one file
 * @param line from 1; 0: it is not known
 * @param column from 1; 0: it is not known
 */
public record Problem(@Nullable String file, int line, int column, String reason) {
    /** A mistake that no line can be named for. */
    static Problem of(String reason) {
        return new Problem(null, 0, 0, reason);
    }

    /** One line: {@code routes/chat.camel.yaml, line 3, column 5: the reason}. */
    public String text() {
        return place() + reason;
    }

    private String place() {
        if (file == null) {
            return "";
        }
        return file + (line == 0 ? "" : ", line " + line) + (column == 0 ? "" : ", column " + column) + ": ";
    }
}
