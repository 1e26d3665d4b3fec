package dev.mehari.usage.log;

import dev.mehari.chat.GatewayException.InvalidRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a chart is to show. Immutable.
 *
 * @param fromSeconds since 1970, a multiple of the step, as is {@code toSeconds}
 * @param span of the sums that it is made of, in seconds
 * @param by which names tell series apart
 * @param names that the sums must have, by {@code first_name} and {@code second_name}
 */
public record SeriesQuery(
        long fromSeconds, long toSeconds, int stepSeconds, int span, String by, Map<String, String> names) {
    private static final List<String> GROUPS = List.of("none", "provider", "model", "key", "team");
    private static final List<String> PARAMETERS =
            List.of("window", "to", "step", "by", "provider", "model", "key", "team");
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final Duration MINUTES_REACH = Duration.ofHours(36);
    private static final int POINTS = 60;
    private static final int MOST_POINTS = 1500;

    /**
     * Reads query parameters.
     *
     * @throws InvalidRequest naming every one that is unknown or makes no sense
     */
    public static SeriesQuery of(Map<String, String> query) {
        List<String> wrong = new ArrayList<>();
        for (String name : new TreeSet<>(query.keySet())) {
            if (!PARAMETERS.contains(name)) {
                wrong.add(name + " is no parameter; there are " + String.join(", ", PARAMETERS));
            }
        }
        Duration window = duration(query, "window", Duration.ofHours(1), wrong);
        if (window.compareTo(LONGEST) > 0 || window.compareTo(Duration.ofMinutes(1)) < 0) {
            wrong.add("window must be from 1m to " + LONGEST.toDays() + "d");
        }
        int span = window.compareTo(MINUTES_REACH) > 0 ? Rollups.HOUR : Rollups.MINUTE;
        long step = duration(query, "step", Duration.ofSeconds(step(window, span)), wrong)
                .toSeconds();
        if (step < span || step % span != 0 || window.toSeconds() / Math.max(1, step) > MOST_POINTS) {
            wrong.add("step must be a multiple of " + span + "s for that window, and make at most " + MOST_POINTS
                    + " points");
        }
        String by = query.getOrDefault("by", "none");
        if (!GROUPS.contains(by)) {
            wrong.add("by must be one of " + String.join(", ", GROUPS));
        }
        boolean ofKeys = by.equals("key") || by.equals("team") || query.containsKey("key") || query.containsKey("team");
        boolean ofModels = by.equals("provider")
                || by.equals("model")
                || query.containsKey("provider")
                || query.containsKey("model");
        if (ofKeys && ofModels) {
            wrong.add("keys and teams are summed apart from providers and models: ask for one or the other");
        }
        Long to = new QueryTimes().micros(query.getOrDefault("to", "0s"));
        if (to == null) {
            wrong.add("to must be " + QueryTimes.FORMS);
        }
        if (to == null || !wrong.isEmpty()) {
            throw new InvalidRequest("invalid_filter", null, String.join("; ", wrong));
        }
        long end = Math.ceilDiv(to / 1_000_000 + 1, step) * step;
        long start = Math.floorDiv(end - window.toSeconds(), step) * step;
        // Sixty times fewer sums to add up, where they are fine enough.
        int coarsest = step % Rollups.HOUR == 0 ? Rollups.HOUR : span;
        return new SeriesQuery(start, end, (int) step, coarsest, by, names(query, ofKeys));
    }

    private static Duration duration(Map<String, String> query, String name, Duration otherwise, List<String> wrong) {
        String value = query.get(name);
        Duration duration = value == null ? otherwise : QueryTimes.duration(value);
        if (duration == null) {
            wrong.add(name + " must be a duration such as 15m, 24h or 7d");
            return otherwise;
        }
        return duration;
    }

    /** About sixty points, at round times. */
    private static long step(Duration window, int span) {
        long wanted = Math.max(span, window.toSeconds() / POINTS);
        for (long round : new long[] {60, 300, 900, 3600, 4 * 3600, 24 * 3600}) {
            if (round >= wanted && round >= span) {
                return round;
            }
        }
        return 7 * 24 * 3600;
    }

    private static Map<String, String> names(Map<String, String> query, boolean ofKeys) {
        Map<String, String> names = new TreeMap<>();
        String first = query.get(ofKeys ? "key" : "provider");
        String second = query.get(ofKeys ? "team" : "model");
        if (first != null) {
            names.put("first_name", first);
        }
        if (second != null) {
            names.put("second_name", second);
        }
        names.put("dimension", ofKeys ? "key" : "model");
        return names;
    }
}
