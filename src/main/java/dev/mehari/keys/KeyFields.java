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
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a key as the admin API and the database have them: one JSON object. Reading it finds every bad field, not
 * the first only.
 */
public final class KeyFields {
    private static final BigDecimal MOST_BUDGET = BigDecimal.valueOf(9_000_000);
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

    private KeyFields() {}

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
        CheckedFields fields = new CheckedFields(object);
        fields.requireKnown(KNOWN, "a key");
        KeyRules rules = rules(fields);
        if (!fields.faults().isEmpty()) {
            throw new BadFields(fields.faults());
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

    private static KeyRules rules(CheckedFields fields) {
        Long rpm = fields.count("rpm", Integer.MAX_VALUE);
        Long calls = fields.count("concurrency", Integer.MAX_VALUE);
        return new KeyRules(
                fields.text("name"),
                fields.text("team"),
                fields.texts("models"),
                fields.texts("providers"),
                fields.instant("expires_at"),
                fields.isSet("disabled"),
                rpm == null ? null : (Integer) rpm.intValue(),
                fields.count("tpm", 1_000_000_000_000L),
                calls == null ? null : (Integer) calls.intValue(),
                budget(fields),
                fields.isSet("no_log"),
                fields.choice("cache", CacheUse.DEFAULT, CacheUse::valueOf),
                fields.flag("strict"),
                fields.map("metadata"));
    }

    private static @Nullable Budget budget(CheckedFields fields) {
        JsonNode value = fields.field("budget");
        Budget.Period period = fields.choice("budget_period", Budget.Period.MONTH, Budget.Period::valueOf);
        if (value == null) {
            return null;
        }
        BigDecimal dollars = value.isNumber() ? value.decimalValue() : BigDecimal.valueOf(-1);
        if (dollars.signum() < 0
                || dollars.compareTo(MOST_BUDGET) > 0
                || dollars.stripTrailingZeros().scale() > 9) {
            fields.fault(
                    "budget", "must be a number of US dollars from 0 to " + MOST_BUDGET + ", with at most 9 decimals");
            return null;
        }
        return new Budget(Dollars.nanos(dollars), period);
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
