package dev.mehari.usage;

/** Text that came from a client or a provider, made fit for one line of a log and for a column. */
public final class PlainText {
    private PlainText() {}

    /** Without control, format and line-breaking characters, which become {@code ?}; cut at {@code most} characters. */
    public static String of(String text, int most) {
        if (text.length() <= most && isPlain(text)) {
            return text;
        }
        boolean cut = text.length() > most;
        int end = cut ? most - 1 : text.length();
        StringBuilder plain = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            plain.append(isPlain(c) && !isHalf(text, i, end) ? c : '?');
        }
        return cut ? plain.append('…').toString() : plain.toString();
    }

    /** The same without a cut, and with line breaks and tabs told as {@code \n}, {@code \r} and {@code \t}. */
    static String escaped(String text) {
        String broken = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return of(broken, broken.length());
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i)) || isHalf(text, i, text.length())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        if (c >= ' ' && c < 0x7F) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Half a character, which no encoding can write. */
    private static boolean isHalf(String text, int i, int end) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= end || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
