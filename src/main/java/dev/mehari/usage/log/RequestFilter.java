package dev.mehari.usage.log;

import dev.mehari.cache.CacheUse;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.PlainText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of the request log are wanted, as conditions of SQL and what is bound to their parameters.
 *
 * @param conditions all must hold
 * @param text to be found in the model, the message or the ids; null: any
 * @param before calls that ended earlier than this id; the largest number: the newest
 * @param limit how many at most
 */
public record RequestFilter(
        List<String> conditions,
        Map<String, Object> bound,
        @Nullable String text,
        long before,
        int limit) {
    private static final int MOST = 1000;
    private static final int MOST_AS_CSV = 10_000;
    private static final int LONGEST_TEXT = 200;

    /** What a client may filter by, and the column. */
    private static final Map<String, String> EQUAL = Map.ofEntries(
            Map.entry("key", "key_name"),
            Map.entry("team", "team"),
            Map.entry("user", "user_name"),
            Map.entry("session", "session"),
            Map.entry("model", "model"),
            Map.entry("upstream_model", "upstream_model"),
            Map.entry("provider", "provider"),
            Map.entry("deployment", "deployment"),
            Map.entry("dialect", "dialect"),
            Map.entry("operation", "operation"),
            Map.entry("environment", "environment"),
            Map.entry("request_id", "request_id"));

    private static final List<String> OTHERS = List.of(
            "from",
            "to",
            "status",
            "error_type",
            "cache",
            "stream",
            "client_gone",
            "text",
            "before",
            "limit",
            "format");

    /**
     * Reads query parameters.
     *
     * @throws InvalidRequest naming every one that is unknown or makes no sense
     */
    public static RequestFilter of(Map<String, String> query) {
        return new Reader(query).read();
    }

    /** Reads one query; gathers what is wrong with it. */
    private static final class Reader {
        private final Map<String, String> query;
        private final QueryTimes times = new QueryTimes();
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> bound = new HashMap<>();
        private final List<String> wrong = new ArrayList<>();

        Reader(Map<String, String> query) {
            this.query = query;
        }

        RequestFilter read() {
            for (String name : new TreeSet<>(query.keySet())) {
                if (!EQUAL.containsKey(name) && !OTHERS.contains(name)) {
                    wrong.add(PlainText.of(name, LONGEST_TEXT) + " is no filter; there are "
                            + String.join(", ", new TreeSet<>(EQUAL.keySet())) + ", " + String.join(", ", OTHERS));
                }
            }
            query.forEach(this::requireText);
            EQUAL.forEach(this::equal);
            readTimes();
            status();
            error();
            word("cache", Arrays.stream(CacheUse.values()).map(Enum::name).toList());
            flag("stream");
            flag("client_gone");
            long before = number("before", Long.MAX_VALUE, 1, Long.MAX_VALUE);
            boolean csv = "csv".equals(query.get("format"));
            if (!csv && !"json".equals(query.getOrDefault("format", "json"))) {
                wrong.add("format must be json or csv");
            }
            int limit = (int) number("limit", csv ? MOST_AS_CSV : 50, 1, csv ? MOST_AS_CSV : MOST);
            String text = query.get("text");
            if (text != null && text.length() > LONGEST_TEXT) {
                wrong.add("text must have at most " + LONGEST_TEXT + " characters");
            }
            if (!wrong.isEmpty()) {
                throw new InvalidRequest("invalid_filter", null, String.join("; ", wrong));
            }
            boolean any = text == null || text.isBlank();
            return new RequestFilter(List.copyOf(conditions), Map.copyOf(bound), any ? null : text, before, limit);
        }

        /** No text of the log holds it: databases end theirs there, and would find everything, or nothing at all. */
        private void requireText(String name, String value) {
            if (value.indexOf('\0') >= 0) {
                wrong.add(PlainText.of(name, LONGEST_TEXT) + " must not hold a zero character");
            }
        }

        /** An empty value asks for those that have none. */
        private void equal(String name, String column) {
            String value = query.get(name);
            if (value == null) {
                return;
            }
            if (value.isEmpty()) {
                conditions.add(column + " is null");
            } else {
                conditions.add((isCommon(name) ? column + " || ''" : column) + " = :" + column);
                bound.put(column, value);
            }
        }

        /**
         * Whether another filter is likely to leave fewer rows: models belong to a provider or two, and few calls fail.
         * SQLite does not know and takes the first index that fits, which may lead through all rows; of an expression it has
         * none.
         */
        private boolean isCommon(String name) {
            String error = query.get("error_type");
            boolean failed = error != null && !error.equals("none");
            return switch (name) {
                case "provider" -> failed || query.containsKey("model");
                case "model" -> failed;
                default -> false;
            };
        }

        private void readTimes() {
            Long from = time("from");
            Long to = time("to");
            if (from != null) {
                conditions.add("id >= :from_id");
                bound.put("from_id", LogIds.first(from));
            }
            if (to != null) {
                conditions.add("id < :to_id");
                bound.put("to_id", LogIds.first(to));
            }
            if (from != null && to != null && from > to) {
                wrong.add("from must not be later than to");
            }
        }

        private @Nullable Long time(String name) {
            String value = query.get(name);
            Long micros = value == null ? null : times.micros(value);
            if (value != null && micros == null) {
                wrong.add(name + " must be " + QueryTimes.FORMS);
            }
            return micros;
        }

        /** {@code 429}, or {@code 4xx}. */
        private void status() {
            String value = query.get("status");
            if (value == null) {
                return;
            }
            if (value.matches("[1-5]xx")) {
                int first = (value.charAt(0) - '0') * 100;
                conditions.add("status >= " + first + " and status < " + (first + 100));
                if (first != 200) {
                    conditions.add("status <> 200");
                }
            } else if (value.matches("[1-5]\\d\\d")) {
                // As a number and not a parameter: only then the index of those that are not 200 is thought of.
                conditions.add("status = " + value + (value.equals("200") ? "" : " and status <> 200"));
            } else {
                wrong.add("status must be a number such as 429 or a class such as 4xx");
            }
        }

        /** A word of the vocabulary, a fault domain such as {@code provider}, {@code any} or {@code none}. */
        private void error() {
            String value = query.get("error_type");
            if (value == null) {
                return;
            }
            List<String> words = Arrays.stream(ErrorType.values())
                    .map(ErrorType::word)
                    .filter(word -> word.equals(value) || word.startsWith(value + "_"))
                    .toList();
            if (value.equals("any")) {
                conditions.add("error_type is not null");
            } else if (value.equals("none")) {
                conditions.add("error_type is null");
            } else if (words.isEmpty()) {
                wrong.add("error_type must be any, none, caller, policy, provider, mehari or one of "
                        + String.join(
                                ", ",
                                Arrays.stream(ErrorType.values())
                                        .map(ErrorType::word)
                                        .toList()));
            } else {
                conditions.add("error_type in (:errors)");
                bound.put("errors", words);
            }
        }

        private void word(String name, List<String> words) {
            String value = query.get(name);
            if (value == null) {
                return;
            }
            String upper = value.toUpperCase(Locale.ROOT);
            if (words.contains(upper)) {
                conditions.add(name + " = :" + name);
                bound.put(name, upper);
            } else {
                wrong.add(name + " must be one of " + String.join(", ", words));
            }
        }

        private void flag(String name) {
            String value = query.get(name);
            if (value != null && !value.equals("true") && !value.equals("false")) {
                wrong.add(name + " must be true or false");
            } else if (value != null) {
                conditions.add(name + " = " + (value.equals("true") ? 1 : 0));
            }
        }

        private long number(String name, long otherwise, long least, long most) {
            String value = query.get(name);
            if (value == null) {
                return otherwise;
            }
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException notOne) {
                // Told below.
            }
            wrong.add(name + " must be a whole number"
                    + (most == Long.MAX_VALUE ? "" : " from " + least + " to " + most));
            return otherwise;
        }
    }
}
