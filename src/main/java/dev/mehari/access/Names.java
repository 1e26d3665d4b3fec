package dev.mehari.access;

import dev.mehari.chat.NamePattern;
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
        return patterns.isEmpty() || NamePattern.anyMatches(patterns, name);
    }
}
