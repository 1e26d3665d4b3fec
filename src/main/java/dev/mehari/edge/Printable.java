package dev.mehari.edge;

/** Text that came from a client or a provider, made fit for a header line. */
final class Printable {
    private static final int MAX_LENGTH = 4000;

    private Printable() {}

    /** Visible ASCII stays, all else becomes {@code ?}; cut at 4000 characters. */
    static String of(String text) {
        StringBuilder fit = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            fit.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return fit.toString();
    }
}
