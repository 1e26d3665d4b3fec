package dev.mehari.secrets;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The values that must never be shown, and text without them. Known values are those of the settings; others are known by
 * their shape, as keys of clients are. Thread-safe.
 */
public final class Secrets {
    /** Those of this process: its logs are one, whatever runs in it. */
    public static final Secrets OF_PROCESS = new Secrets();

    /** What takes a secret's place. */
    public static final String MASK = "***";

    /** Shorter ones are words that stand in every second line. */
    private static final int SHORTEST = 8;

    private final Set<String> values = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Pattern known;

    /** From now on these are masked. Values of less than eight characters are passed over. */
    public void add(Collection<String> secrets) {
        boolean grown = false;
        for (String secret : secrets) {
            grown |= secret.length() >= SHORTEST && values.add(secret);
        }
        if (grown) {
            // The longest first, or the rest of a longer one would stay.
            known = Pattern.compile(values.stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|")));
        }
    }

    /** The same for all that settings and variables hold; to be called before any of it is used. */
    public void addFrom(ConfigurableEnvironment settings) {
        add(SecretSettings.of(settings));
    }

    /** The text with {@link #MASK} for each secret; the same object when there is none. */
    public String without(String text) {
        return SecretShapes.masked(withoutKnown(text, MASK));
    }

    /** The text with another word for each known value. */
    public String withoutKnown(String text, String mask) {
        Pattern pattern = known;
        return pattern == null || !holdsKnown(text)
                ? text
                : pattern.matcher(text).replaceAll(Matcher.quoteReplacement(mask));
    }

    /** Most lines hold none, and to look for one text after the other costs less than for all at each place. */
    private boolean holdsKnown(String text) {
        for (String value : values) {
            if (text.contains(value)) {
                return true;
            }
        }
        return false;
    }
}
