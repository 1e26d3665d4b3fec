package dev.mehari.chat;

import java.util.ArrayList;
import java.util.List;

/** Text as the few words at a time of a stream. The same text is always cut at the same places. */
public final class TextPieces {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 64;

    private TextPieces() {}

    /** At least one; cut behind a space where there is one, and never within a character. */
    public static List<String> of(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int end = 1; end < text.length(); end++) {
            int length = end - start;
            boolean wordEnds = length >= SHORTEST && text.charAt(end - 1) == ' ';
            boolean within = Character.isHighSurrogate(text.charAt(end - 1));
            if ((wordEnds || length >= LONGEST) && !within) {
                pieces.add(text.substring(start, end));
                start = end;
            }
        }
        pieces.add(text.substring(start));
        return pieces;
    }
}
