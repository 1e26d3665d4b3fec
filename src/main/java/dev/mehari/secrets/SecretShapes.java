package dev.mehari.secrets;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What looks like a secret wherever it comes from. Thread-safe. */
final class SecretShapes {
    private static final String NAMES = "(?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?(?:goog-)?api[-_]?key"
            + "|x-amz-security-token|(?:client|access|secret|session|refresh|id)?[-_]?(?:secret|token)|password|passwd";

    /** Each with what stays of it. */
    private static final List<Shape> SHAPES = List.of(
            // Keys by their makers' prefixes; a digit or dash must follow, as in no word.
            new Shape(
                    List.of("sk-", "gsk_", "xai-", "pk-lf-", "aiza", "ya29.", "akia", "asia", "absk", "hf_", "ghp_"),
                    Pattern.compile(
                            "\\b(sk-|gsk_|xai-|pk-lf-|AIza|ya29\\.|AKIA|ASIA|ABSK|hf_|ghp_)(?=[\\w.-]*[0-9])[A-Za-z0-9_.=/+-]{12,}"),
                    "$1***"),
            // Ours: the id may be told, the secret not.
            new Shape(List.of("mh-"), Pattern.compile("\\b(mh-[A-Za-z0-9]{12}-)[A-Za-z0-9]{12,}"), "$1***"),
            // JSON web tokens.
            new Shape(
                    List.of("eyj"),
                    Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?"),
                    "***"),
            new Shape(List.of("bearer "), Pattern.compile("(?i)\\b(bearer )[A-Za-z0-9._~+/=-]{8,}"), "$1***"),
            new Shape(
                    List.of("basic ", "token "),
                    Pattern.compile("(?i)\\b(basic |token )(?=\\S*[0-9=])[A-Za-z0-9._~+/=-]{8,}"),
                    "$1***"),
            // Of an address: the password, and values of the query.
            new Shape(List.of("://"), Pattern.compile("(://[^/\\s:@]*:)[^@\\s/]+@"), "$1***@"),
            new Shape(
                    List.of("?", "&"),
                    Pattern.compile("(?i)([?&](?:key|sig|signature|" + NAMES + ")=)[^&\\s\"']+"),
                    "$1***"),
            // Headers and settings by their names: name: value, name=value, "name":"value", name: [value].
            new Shape(
                    List.of("authorization", "cookie", "key", "token", "secret", "password", "passwd"),
                    Pattern.compile("(?i)((?<![\\w-])(?:" + NAMES + ")\\\\?[\"']?\\s*+[:=]\\s*+\\[?+\\\\?+[\"']?+)"
                            + "(?!(?:bearer|basic|token) )[^\\s\"',;\\]\\\\}]{6,}"),
                    "$1***"),
            new Shape(
                    List.of("-----begin "),
                    Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*"),
                    "-----BEGIN $1-----***"));

    /** @param hints of which one is in every text that the pattern fits, in lower case: looking for them costs far less */
    private record Shape(List<String> hints, Pattern pattern, String rest) {
        boolean mayBeIn(String lower) {
            for (String hint : hints) {
                if (lower.contains(hint)) {
                    return true;
                }
            }
            return false;
        }
    }

    private SecretShapes() {}

    static String masked(String text) {
        String clear = text;
        // What is replaced gives no new hint, so that those of the whole text do for all.
        String lower = text.toLowerCase(Locale.ROOT);
        for (Shape shape : SHAPES) {
            if (shape.mayBeIn(lower)) {
                Matcher found = shape.pattern().matcher(clear);
                if (found.find()) {
                    clear = found.replaceAll(shape.rest());
                }
            }
        }
        return clear;
    }
}
