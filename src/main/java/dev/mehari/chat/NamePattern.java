package dev.mehari.chat;

import java.util.List;

/**
 * Names by patterns in which {@code *} stands for any characters, none included: {@code gpt-4o*}, {@code anthropic/*}.
 *
 * <p>No regular expression: one is compiled slowly, and may be made to run slowly. This goes back to the last star only,
 * which is enough, in time proportional to both lengths at worst.
 */
public final class NamePattern {
    private NamePattern() {}

    /** Whether one of the patterns stands for the name. */
    public static boolean anyMatches(List<String> patterns, String name) {
        for (String pattern : patterns) {
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a name is one of those that the pattern stands for. Upper and lower case differ. */
    public static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int retry = 0;
        int i = 0;
        while (i < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                retry = i;
            } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(i)) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++retry;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
