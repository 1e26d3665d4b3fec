package dev.mehari.keys;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Reads the fields of a JSON object and notes each that is not what it has to be. Null and a field that is not there are
 * the same. One instance an object.
 */
final class CheckedFields {
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_ENTRIES = 100;

    private final JsonNode fields;
    private final Map<String, String> faults = new LinkedHashMap<>();

    CheckedFields(JsonNode fields) {
        this.fields = fields;
    }

    /** What is wrong, by field. */
    Map<String, String> faults() {
        return faults;
    }

    void fault(String name, String why) {
        faults.put(name, why);
    }

    /** Of what is no object nothing else is wrong: it has no fields. */
    void requireKnown(List<String> known, String what) {
        if (!fields.isObject()) {
            fault("body", "must be a JSON object");
        }
        fields.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                fault(name, "is not a field of " + what + "; known are " + String.join(", ", known));
            }
        });
    }

    @Nullable
    JsonNode field(String name) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    String text(String name) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        String text = value.isTextual() ? value.asText().strip() : "";
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            fault(name, "must be a text of 1 to " + LONGEST_TEXT + " characters");
            return null;
        }
        return text;
    }

    List<String> texts(String name) {
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
            fault(name, "must be a list of at most " + MOST_ENTRIES + " names or patterns, as [\"gpt-4o*\"]");
            return List.of();
        }
        return texts;
    }

    @Nullable
    Instant instant(String name) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        try {
            return value.isIntegralNumber()
                    ? Instant.ofEpochSecond(value.longValue())
                    : OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeException unreadable) {
            fault(name, "must be a time as 2027-01-31T00:00:00Z, or Unix seconds");
            return null;
        }
    }

    boolean isSet(String name) {
        Boolean flag = flag(name);
        return flag != null && flag;
    }

    @Nullable
    Boolean flag(String name) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            fault(name, "must be true or false");
            return null;
        }
        return value.booleanValue();
    }

    @Nullable
    Long count(String name, long most) {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 1
                || value.longValue() > most) {
            fault(name, "must be a whole number from 1 to " + most);
            return null;
        }
        return value.longValue();
    }

    <T extends Enum<T>> T choice(String name, T otherwise, Function<String, T> known) {
        JsonNode value = field(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return known.apply(value.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            List<String> all = new ArrayList<>();
            for (T one : otherwise.getDeclaringClass().getEnumConstants()) {
                all.add(one.name().toLowerCase(Locale.ROOT));
            }
            fault(name, "must be one of " + String.join(", ", all));
            return otherwise;
        }
    }

    Map<String, String> map(String name) {
        JsonNode value = field(name);
        Map<String, String> map = new LinkedHashMap<>();
        if (value == null) {
            return map;
        }
        boolean good = value.isObject() && value.size() <= MOST_ENTRIES;
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            good = good
                    && entry.getValue().isTextual()
                    && entry.getValue().asText().length() <= LONGEST_TEXT;
            map.put(entry.getKey(), entry.getValue().asText());
        }
        if (!good) {
            fault(name, "must be an object of at most " + MOST_ENTRIES + " texts");
            return Map.of();
        }
        return map;
    }
}
