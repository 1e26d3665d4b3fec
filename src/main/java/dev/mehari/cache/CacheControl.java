package dev.mehari.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of the cache for one request, from the body field {@code cache} and the header
 * {@code Cache-Control}; either may ask for less. Immutable.
 *
 * @param noCache no kept answer, please
 * @param noStore the answer is not to be kept
 * @param maxAge no answer older than that; null: any
 * @param ttl how long the answer is kept; null: as the settings say
 */
public record CacheControl(
        boolean noCache,
        boolean noStore,
        @Nullable Duration maxAge,
        @Nullable Duration ttl) {
    public static final CacheControl NONE = new CacheControl(false, false, null, null);

    private static final long LONGEST_SECONDS = Duration.ofDays(365).toSeconds();
    private static final List<String> NAMES = List.of("no-cache", "no-store", "ttl", "max-age", "s-maxage");

    /** The same for a caller that may not take answers from the cache, or give any. */
    public CacheControl within(boolean mayTake, boolean mayGive) {
        return mayTake && mayGive ? this : new CacheControl(noCache || !mayTake, noStore || !mayGive, maxAge, ttl);
    }

    /** Whether it neither takes nor gives. */
    public boolean isBypass() {
        return noCache && noStore;
    }

    /**
     * Reads both.
     *
     * @param field the body's; null: there is none
     * @param headers the values of all {@code Cache-Control} headers. What they say beyond is for other caches, and no error
     * @throws InvalidRequest the field is malformed; names it
     */
    public static CacheControl of(@Nullable JsonNode field, List<String> headers) {
        CacheControl control = field == null ? NONE : ofField(field);
        for (String header : headers) {
            for (String directive : header.split(",")) {
                control = control.with(directive.strip().toLowerCase(Locale.ROOT));
            }
        }
        return control;
    }

    private static CacheControl ofField(JsonNode field) {
        if (!field.isObject()) {
            throw bad("cache", "cache must be an object, such as {\"no-cache\": true}");
        }
        for (var entry : field.properties()) {
            if (!NAMES.contains(entry.getKey())) {
                throw bad("cache", "cache knows " + String.join(", ", NAMES) + " and nothing else");
            }
        }
        Duration maxAge = span(field, "max-age");
        // LiteLLM's name for it.
        Duration shared = span(field, "s-maxage");
        return ofSpan(
                flag(field, "no-cache"),
                flag(field, "no-store"),
                maxAge == null || shared == null ? (maxAge == null ? shared : maxAge) : shorter(maxAge, shared),
                span(field, "ttl"));
    }

    /** Kept for no time is not kept; as old as nothing is nothing kept. */
    private static CacheControl ofSpan(
            boolean noCache, boolean noStore, @Nullable Duration maxAge, @Nullable Duration ttl) {
        boolean freshOnly = maxAge != null && maxAge.isZero();
        boolean keptForNoTime = ttl != null && ttl.isZero();
        return new CacheControl(
                noCache || freshOnly, noStore || keptForNoTime, freshOnly ? null : maxAge, keptForNoTime ? null : ttl);
    }

    private static boolean flag(JsonNode field, String name) {
        JsonNode value = field.path(name);
        if (!value.isBoolean() && !value.isNull() && !value.isMissingNode()) {
            throw bad("cache." + name, "cache." + name + " must be a boolean");
        }
        return value.booleanValue();
    }

    private static @Nullable Duration span(JsonNode field, String name) {
        JsonNode value = field.path(name);
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        boolean whole = value.isNumber() && value.canConvertToLong() && value.canConvertToExactIntegral();
        if (!whole || value.longValue() < 0 || value.longValue() > LONGEST_SECONDS) {
            throw bad(
                    "cache." + name,
                    "cache." + name + " must be a whole number of seconds from 0 to " + LONGEST_SECONDS);
        }
        return Duration.ofSeconds(value.longValue());
    }

    private CacheControl with(String directive) {
        if (directive.equals("no-cache")) {
            return new CacheControl(true, noStore, maxAge, ttl);
        }
        if (directive.equals("no-store")) {
            return new CacheControl(noCache, true, maxAge, ttl);
        }
        Duration span = directive.startsWith("max-age=") ? seconds(directive.substring(8)) : null;
        return span == null ? this : ofSpan(noCache, noStore, maxAge == null ? span : shorter(maxAge, span), ttl);
    }

    /** Null when it is none. Digits beyond what we count to are as long as we count. */
    private static @Nullable Duration seconds(String digits) {
        boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            return null;
        }
        return Duration.ofSeconds(
                digits.length() > 9 ? LONGEST_SECONDS : Math.min(LONGEST_SECONDS, Long.parseLong(digits)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static InvalidRequest bad(String param, String message) {
        return new InvalidRequest("invalid_value", param, message);
    }
}
