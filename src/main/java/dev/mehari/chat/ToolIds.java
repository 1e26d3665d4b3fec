package dev.mehari.chat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Ids of tool calls for an API that takes only {@code [A-Za-z0-9_-]{1,64}} (Anthropic, Bedrock), and back. One that fits
 * stays as it is; any other is written in letters that fit, and becomes again what it was when the client sends it back.
 * Only one of more than 44 bytes cannot: its hash stands for it then, the same each time, so that call and result still
 * meet. Stateless and thread-safe.
 */
public final class ToolIds {
    private static final int LONGEST = 64;
    private static final String WRITTEN = "mhid_";
    private static final String HASHED = "mhsh_";

    private ToolIds() {}

    /** The id in letters that fit. */
    public static String fitting(String id) {
        if (fits(id) && !id.startsWith(WRITTEN)) {
            return id;
        }
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        String written = WRITTEN + base64(bytes);
        return written.length() <= LONGEST ? written : HASHED + base64(Sha256.of(bytes));
    }

    /** The id that {@link #fitting} was given. */
    public static String original(String fitting) {
        if (!fitting.startsWith(WRITTEN)) {
            return fitting;
        }
        try {
            return new String(
                    Base64.getUrlDecoder().decode(fitting.substring(WRITTEN.length())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            return fitting;
        }
    }

    private static boolean fits(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (!isPlain(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a letter, a digit, {@code _} or {@code -}. */
    static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
