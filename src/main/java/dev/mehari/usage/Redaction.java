package dev.mehari.usage;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of captured text what should not be kept: keys and tokens, e-mail addresses, long numbers (cards, accounts,
 * telephones), media, and what a Vapi {@code call} object holds. By its looks, so that it may take too much, and may miss
 * what looks like nothing. For threads beside the calls: it costs milliseconds for large texts.
 */
public final class Redaction {
    private record Rule(Pattern looks, String instead) {}

    private static final List<Rule> RULES = List.of(
            rule("data:[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=_-]*", "[media]"),
            rule("[A-Za-z0-9+/=_-]{400,}", "[media]"),
            rule("(?i)\\b(bearer|basic)\\s+[a-z0-9._~+/=-]{8,}", "$1 [secret]"),
            rule("\\b(sk|pk|rk|mhr|mha|gsk|xai|hf|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{8,}", "[secret]"),
            rule("\\b(AKIA|ASIA)[A-Z0-9]{16}\\b", "[secret]"),
            rule("\\bAIza[A-Za-z0-9_-]{30,}", "[secret]"),
            rule("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*", "[secret]"),
            rule("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,250}\\.[A-Za-z]{2,24}", "[e-mail]"),
            rule("(?<![\\w.])\\+?\\d(?:[ ()./-]{0,2}\\d){8,18}(?![\\w.])", "[number]"));

    private static final Pattern VAPI_CALL = Pattern.compile("\"call\"\\s*:\\s*\\{");

    private Redaction() {}

    private static Rule rule(String looks, String instead) {
        return new Rule(Pattern.compile(looks), instead);
    }

    public static String of(String text) {
        String redacted = withoutCall(text);
        for (Rule rule : RULES) {
            redacted = rule.looks().matcher(redacted).replaceAll(rule.instead());
        }
        return redacted;
    }

    /** Vapi sends the whole assistant, its customer and its keys along. */
    private static String withoutCall(String text) {
        Matcher call = VAPI_CALL.matcher(text);
        StringBuilder redacted = new StringBuilder();
        int done = 0;
        // JSON allows a name twice, and whoever reads it may take the last.
        while (call.find(done)) {
            redacted.append(text, done, call.end()).append("\"redacted\":true}");
            done = end(text, call.end());
        }
        return done == 0 ? text : redacted.append(text, done, text.length()).toString();
    }

    /** After the object that has begun; where the text was cut inside it, its end. */
    private static int end(String text, int from) {
        int depth = 1;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return text.length();
    }
}
