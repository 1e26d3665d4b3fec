package dev.mehari.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.access.Budget;
import dev.mehari.access.Policy.CacheUse;
import dev.mehari.chat.Json;
import dev.mehari.price.Dollars;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a key as the admin API and the database have them: one JSON object. Reading it finds every bad field, not
 * the first only. One instance an object.
 */
public final class KeyFields {
    private static final BigDecimal MOST_BUDGET = BigDecimal.valueOf(9_000_000);
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_ENTRIES = 100;
    private static final List<String> KNOWN = List.of(
            "name",
            "team",
            "models",
            "providers",
            "expires_at",
            "disabled",
            "rpm",
            "tpm",
            "concurrency",
            "budget",
            "budget_period",
            "no_log",
            "cache",
            "strict",
            "metadata");

    private final JsonNode fields;
    private final Map<String, String> faults = new LinkedHashMap<>();

    private KeyFields(JsonNode fields) {
        this.fields = fields;
    }

    /** Something is wrong with a request's fields. */
    public static final class BadFields extends Exception {
        private final transient Map<String, String> faults;

        BadFields(Map<String, String> faults) {
            super(faults.toString(), null, false, false);
            this.faults = faults;
        }

        /** What is wrong, by field. */
        public Map<String, String> faults() {
            return faults;
        }
    }

    /**
     * Reads what an operator says of a key.
     *
     * @throws BadFields naming each of them
     */
    public static KeyRules read(JsonNode object) throws BadFields {
        KeyFields reading = new KeyFields(object);
        KeyRules rules = reading.rules();
        if (!reading.faults.isEmpty()) {
            throw new BadFields(reading.faults);
        }
        return rules;
    }

    /**
     * The same with some fields changed; null takes one away.
     *
     * @throws BadFields naming each of them
     */
    public static KeyRules change(KeyRules before, JsonNode changes) throws BadFields {
        if (!changes.isObject()) {
            return read(changes);
        }
        ObjectNode merged = write(before);
        changes.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        return read(merged);
    }

    /** What is kept, to be read again. */
    static KeyRules stored(String json) {
        try {
            return read(Json.MAPPER.readTree(json));
        } catch (JsonProcessingException | BadFields broken) {
            throw new IllegalStateException("a stored key cannot be read", broken);
        }
    }

    private KeyRules rules() {
        if (!fields.isObject()) {
            faults.put("body", "must be a JSON object");
            return new KeyRules(
                    null,
                    null,
                    List.of(),
                    List.of(),
                    null,
                    false,
                    null,
                    null,
                    null,
                    null,
                    false,
                    CacheUse.DEFAULT,
                    null,
                    Map.of());
        }
        fields.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                faults.put(name, "is not a field of a key; known are " + String.join(", ", KNOWN));
            }
        });
        Long rpm = count("rpm", Integer.MAX_VALUE);
        Long calls = count("concurrency", Integer.MAX_VALUE);
        return new KeyRules(
                text("name"),
                text("team"),
                texts("models"),
                texts("providers"),
                instant("expires_at"),
                isSet("disabled"),
                rpm == null ? null : (Integer) rpm.intValue(),
                count("tpm", 1_000_000_000_000L),
                calls == null ? null : (Integer) calls.intValue(),
                budget(),
                isSet("no_log"),
                choice("cache", CacheUse.DEFAULT, CacheUse::valueOf),
                flag("strict"),
                metadata());
    }

    private @Nullable JsonNode field(String name) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private @Nullable String text(String name) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        String text = value.isTextual() ? value.asText().strip() : "";
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            faults.put(name, "must be a text of 1 to " + LONGEST_TEXT + " characters");
            return null;
        }
        return text;
    }

    private List<String> texts(String name) {
        JsonNode value = field(name);
        List<String> texts = new ArrayList<>();
        if (value == null) {
            return texts;
        }
        boolean good = value.isArray() && value.size() <= MOST_ENTRIES;
        for (int i = 0; good && i < value.size(); i++) {
            String text = value.get(i).isTextual() ? value.get(i).asText().strip() : "";
            good = !text.isEmpty() && text.length() <= LONGEST_TEXT;
            texts.add(text);
        }
        if (!good) {
            faults.put(name, "must be a list of at most " + MOST_ENTRIES + " names or patterns, as [\"gpt-4o*\"]");
            return List.of();
        }
        return texts;
    }

    private @Nullable Instant instant(String name) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        try {
            return value.isIntegralNumber()
                    ? Instant.ofEpochSecond(value.longValue())
                    : OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeException unreadable) {
            faults.put(name, "must be a time as 2027-01-31T00:00:00Z, or Unix seconds");
            return null;
        }
    }

    private boolean isSet(String name) {
        Boolean flag = flag(name);
        return flag != null && flag;
    }

    private @Nullable Boolean flag(String name) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            faults.put(name, "must be true or false");
            return null;
        }
        return value.booleanValue();
    }

    private @Nullable Long count(String name, long most) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 1
                || value.longValue() > most) {
            faults.put(name, "must be a whole number from 1 to " + most);
            return null;
        }
        return value.longValue();
    }

    private @Nullable Budget budget() {
        JsonNode value = field("budget");
        Budget.Period period = choice("budget_period", Budget.Period.MONTH, Budget.Period::valueOf);
        if (value == null) {
            return null;
        }
        BigDecimal dollars = value.isNumber() ? value.decimalValue() : BigDecimal.valueOf(-1);
        if (dollars.signum() < 0
                || dollars.compareTo(MOST_BUDGET) > 0
                || dollars.stripTrailingZeros().scale() > 9) {
            faults.put(
                    "budget", "must be a number of US dollars from 0 to " + MOST_BUDGET + ", with at most 9 decimals");
            return null;
        }
        return new Budget(Dollars.nanos(dollars), period);
    }

    private <T extends Enum<T>> T choice(String name, T otherwise, Function<String, T> known) {
        JsonNode value = field(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return known.apply(value.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            List<String> all = new ArrayList<>();
            for (T one : otherwise.getDeclaringClass().getEnumConstants()) {
                all.add(lower(one));
            }
            faults.put(name, "must be one of " + String.join(", ", all));
            return otherwise;
        }
    }

    private Map<String, String> metadata() {
        JsonNode value = field("metadata");
        Map<String, String> metadata = new LinkedHashMap<>();
        if (value == null) {
            return metadata;
        }
        boolean good = value.isObject() && value.size() <= MOST_ENTRIES;
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            good = good
                    && entry.getValue().isTextual()
                    && entry.getValue().asText().length() <= LONGEST_TEXT;
            metadata.put(entry.getKey(), entry.getValue().asText());
        }
        if (!good) {
            faults.put("metadata", "must be an object of at most " + MOST_ENTRIES + " texts");
            return Map.of();
        }
        return metadata;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** All fields, null where nothing is said. */
    public static ObjectNode write(KeyRules rules) {
        ObjectNode object = Json.MAPPER.createObjectNode();
        object.put("name", rules.name());
        object.put("team", rules.team());
        write(object.putArray("models"), rules.models());
        write(object.putArray("providers"), rules.providers());
        Instant expires = rules.expires();
        object.put("expires_at", expires == null ? null : expires.toString());
        object.put("disabled", rules.disabled());
        object.put("rpm", rules.rpm());
        object.put("tpm", rules.tpm());
        object.put("concurrency", rules.concurrency());
        Budget budget = rules.budget();
        object.put("budget", budget == null ? null : Dollars.of(budget.nanos()));
        object.put("budget_period", lower(budget == null ? Budget.Period.MONTH : budget.period()));
        object.put("no_log", rules.noLog());
        object.put("cache", lower(rules.cache()));
        object.put("strict", rules.strict());
        ObjectNode metadata = object.putObject("metadata");
        rules.metadata().forEach(metadata::put);
        return object;
    }

    private static void write(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
