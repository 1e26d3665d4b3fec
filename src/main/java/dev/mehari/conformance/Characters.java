package dev.mehari.conformance;

/** Tells text that was cut in the wrong places. Pure. */
final class Characters {
    /** What decoders put where bytes make no character. */
    static final char REPLACEMENT = '\uFFFD';

    private Characters() {}

    /** Whether it holds a replacement character, or half of a pair of surrogates. */
    static boolean broken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == REPLACEMENT || Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
