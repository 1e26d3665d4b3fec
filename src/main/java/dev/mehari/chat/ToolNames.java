package dev.mehari.chat;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names of tools for an API that takes only {@code [A-Za-z0-9_-]} and so many of them, and back. One that fits stays as
 * it is; any other is cut and ends in a piece of its hash. The request's own tools tell which one was meant, so nothing
 * is kept between question and answer. Stateless and thread-safe.
 */
public final class ToolNames {
    /** OpenAI's limit. Clients that speak Anthropic's API may use twice as many characters. */
    public static final int LONGEST = 64;

    private static final int HASH_CHARS = 8;

    private ToolNames() {}

    /** The name in letters that fit, of at most {@link #LONGEST} characters. */
    public static String fitting(String name) {
        if (fits(name)) {
            return name;
        }
        StringBuilder cut = new StringBuilder(LONGEST);
        for (int i = 0; i < name.length() && i < LONGEST - HASH_CHARS - 1; i++) {
            char c = name.charAt(i);
            cut.append(ToolIds.isPlain(c) ? c : '_');
        }
        byte[] hash = Sha256.of(name);
        return cut.append('_')
                .append(HexFormat.of().formatHex(hash, 0, HASH_CHARS / 2))
                .toString();
    }

    /**
     * The tool's own name.
     *
     * @param tools those of the request; looked at only when the name may be a fitted one
     */
    public static String original(String fitting, Supplier<List<Tool>> tools) {
        if (!isMade(fitting)) {
            return fitting;
        }
        for (Tool tool : tools.get()) {
            if (!fits(tool.name()) && fitting(tool.name()).equals(fitting)) {
                return tool.name();
            }
        }
        return fitting;
    }

    private static boolean fits(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!ToolIds.isPlain(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The tool that went out under that name; null: none of these. */
    public static @Nullable Tool find(String fitting, List<Tool> tools) {
        for (Tool tool : tools) {
            if (fitting(tool.name()).equals(fitting)) {
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

    /** Whether a name is one of {@link #fitting}'s making, or looks like it. */
    public static boolean isMade(String name) {
        int hash = name.length() - HASH_CHARS;
        if (hash < 1 || name.charAt(hash - 1) != '_') {
            return false;
        }
        for (int i = hash; i < name.length(); i++) {
            if (!HexFormat.isHexDigit(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
