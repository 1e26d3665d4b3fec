package dev.mehari.provider.anthropic;

import dev.mehari.chat.Sha256;
import dev.mehari.chat.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of tools and ids of calls in the one alphabet that Anthropic takes, {@code [A-Za-z0-9_-]}, at most 64 of it. A
 * name that fits stays; any other always becomes the same, with a hash of the whole so that no two become one.
 */
public final class AnthropicNames {
    private static final int LONGEST = 64;
    private static final int HASH = 8;

    /** Before the hash, so that a name of ours is known for one. */
    private static final String MARK = "_mh";

    private AnthropicNames() {}

    public static String fit(String name) {
        return fits(name) ? name : shortened(name);
    }

    private static boolean fits(String name) {
        if (name.length() > LONGEST || name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isPlain(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private static String shortened(String name) {
        StringBuilder plain = new StringBuilder(LONGEST);
        for (int i = 0; i < name.length() && plain.length() < LONGEST - MARK.length() - HASH; i++) {
            plain.append(isPlain(name.charAt(i)) ? name.charAt(i) : '_');
        }
        return plain.append(MARK).append(hash(name)).toString();
    }

    /** Whether a name is one of {@link #fit}'s making, or looks like it. */
    public static boolean isMade(String name) {
        int mark = name.length() - HASH - MARK.length();
        return mark >= 0 && name.startsWith(MARK, mark);
    }

    /** The tool that went out under that name. */
    public static @Nullable Tool find(String fitted, List<Tool> tools) {
        for (Tool tool : tools) {
            if (fit(tool.name()).equals(fitted)) {
                return tool;
            }
        }
        return null;
    }

    /** A name that none of these tools goes out under: the given one, with as many endings as that takes. */
    public static String unlike(String name, String ending, List<Tool> tools) {
        String free = name;
        while (find(free, tools) != null) {
            free += ending;
        }
        return free;
    }

    private static String hash(String name) {
        return Sha256.hex(name).substring(0, HASH);
    }
}
