package dev.mehari.access;

import dev.mehari.chat.Sha256;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A key that we issue: {@code mh-<12 characters of id>-<48 of secret>}, all of them lower-case letters and digits. The id
 * is public and finds the key; the secret has 248 bits, so that its plain SHA-256 is safe to keep. Its text shows no
 * secret.
 */
public record KeyText(String id, String secret) {
    /** With which each begins; no id does. */
    public static final String PREFIX = "mh-";

    private static final int ID = 12;
    private static final int SECRET = 48;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one. */
    public static KeyText random() {
        return new KeyText(random(ID), random(SECRET));
    }

    /** The same key with another secret. */
    public KeyText rotated() {
        return new KeyText(id, random(SECRET));
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** The key in a token; null when it is none of this form. */
    public static @Nullable KeyText of(String token) {
        int dash = PREFIX.length() + ID;
        if (token.length() != dash + 1 + SECRET || !token.startsWith(PREFIX) || token.charAt(dash) != '-') {
            return null;
        }
        String id = token.substring(PREFIX.length(), dash);
        String secret = token.substring(dash + 1);
        return isOfLetters(id) && isOfLetters(secret) ? new KeyText(id, secret) : null;
    }

    private static boolean isOfLetters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (!(letter >= 'a' && letter <= 'z') && !(letter >= '0' && letter <= '9')) {
                return false;
            }
        }
        return true;
    }

    /** What may be kept of the secret: lower-case hexadecimal. */
    public String secretHash() {
        return Sha256.hex(secret);
    }

    /** The whole key, for its owner's eyes. */
    public String token() {
        return PREFIX + id + '-' + secret;
    }

    @Override
    public String toString() {
        return PREFIX + id + "-***";
    }
}
