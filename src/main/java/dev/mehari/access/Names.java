package dev.mehari.access;

import java.util.List;

/**
 * Which names are allowed, by patterns in which {@code *} stands for any characters, none included: {@code gpt-4o*},
 * {@code anthropic/*}. Upper and lower case differ, as they do in models' names. No pattern at all allows every name.
 * Immutable.
 */
public record Names(List<String> patterns) {
    /** Every name. */
    public static final Names ALL = new Names(List.of());

    public Names {
        patterns = List.copyOf(patterns);
    }

    /** Whether nothing is ruled out. */
    public boolean areAll() {
        return patterns.isEmpty();
    }

    public boolean allow(String name) {
        if (patterns.isEmpty()) {
            return true;
        }
        for (String pattern : patterns) {
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    // No regular expression: one is compiled slowly, and may be made to run slowly. This goes back to the last star
    // only,
    // which is enough, in time proportional to both lengths at worst.
    private static boolean matches(String pattern, String name) {
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
