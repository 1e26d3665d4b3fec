package dev.mehari.usage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of captured text what should not be kept: keys and tokens, e-mail addresses, long numbers (cards, accounts,
 * telephones), media, and what a Vapi {@code call} object holds. By its looks, so that it may take too much, and may miss
 * what looks like nothing. What was JSON stays JSON, and a stream of events one. For threads beside the calls: it costs
 * milliseconds for large texts.
 */
public final class Redaction {
    /** What stands for a long number. */
    static final String NUMBER = "[number]";

    private record Rule(Pattern looks, String instead) {}

    /** Where a word begins; in JSON that stands amid other text, behind a line break as well. */
    private static final String WORD = "(?:\\b|(?<=\\\\[nrt]))";

    private static final List<Rule> RULES = List.of(
            rule("data:[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=_-]*", "[media]"),
            rule("[A-Za-z0-9+/=_-]{400,}", "[media]"),
            rule("(?i)(?<=\\b(?:bearer|basic)\\s{1,4})[a-z0-9._~+/=-]{8,}", "[secret]"),
            rule(WORD + "(?:sk|pk|rk|mhr|mha|gsk|xai|hf|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{8,}", "[secret]"),
            rule(WORD + "(?:AKIA|ASIA)[A-Z0-9]{16}\\b", "[secret]"),
            rule(WORD + "AIza[A-Za-z0-9_-]{30,}", "[secret]"),
            rule(WORD + "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*", "[secret]"),
            rule("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,250}\\.[A-Za-z]{2,24}", "[e-mail]"),
            rule("(?:(?<![\\w.])|(?<=\\\\[nrt]))\\+?\\d(?:[ ()./-]{0,2}\\d){8,18}(?![\\w.])", NUMBER));

    private static final Pattern VAPI_CALL = Pattern.compile("\"call\"\\s*:\\s*\\{");

    private Redaction() {}

    /** What is to be put in place of a part of a text. */
    record Hit(int start, int end, String instead) {}

    private static Rule rule(String looks, String instead) {
        return new Rule(Pattern.compile(looks), instead);
    }

    public static String of(String text) {
        if (RedactedJson.isLike(text)) {
            return new RedactedJson(RedactedJson.ALONE).of(text);
        }
        return RedactedEvents.isLike(text) ? RedactedEvents.of(text) : plain(text);
    }

    /** Of a text without a form. */
    static String plain(String text) {
        String redacted = withoutCall(text);
        List<Hit> hits = hits(redacted);
        return hits.isEmpty() ? redacted : new RedactedPieces(redacted, hits).upTo(redacted.length());
    }

    /** What is to be replaced, from left to right; no two of them overlap. */
    static List<Hit> hits(CharSequence text) {
        List<Hit> all = new ArrayList<>();
        for (Rule rule : RULES) {
            Matcher found = rule.looks().matcher(text);
            while (found.find()) {
                all.add(new Hit(found.start(), found.end(), rule.instead()));
            }
        }
        all.sort(Comparator.comparingInt(Hit::start));
        List<Hit> apart = new ArrayList<>(all.size());
        for (Hit hit : all) {
            Hit last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || hit.start() >= last.end()) {
                apart.add(hit);
            } else if (hit.end() > last.end()) {
                apart.set(apart.size() - 1, new Hit(last.start(), hit.end(), last.instead()));
            }
        }
        return apart;
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
