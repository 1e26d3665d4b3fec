package dev.mehari.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object of a request, and the path at which it stands, so that an error can name what is wrong:
 * {@code messages[2].content[0].image_url.url}. JSON null counts as absent everywhere, as OpenAI has it.
 */
public final class Fields {
    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    public static Fields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw BadField.wrongType(path, "an object", node);
        }
        return new Fields(node, path);
    }

    /** The path of this object itself; empty for the request. */
    public String path() {
        return path;
    }

    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public JsonNode raw() {
        return object;
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    @Nullable
    public JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    public JsonNode need(String name) {
        JsonNode value = get(name);
        if (value == null) {
            throw BadField.missing(path(name));
        }
        return value;
    }

    @Nullable
    public String string(String name) {
        JsonNode value = get(name);
        return value == null ? null : asString(value, path(name));
    }

    public String needString(String name) {
        return asString(need(name), path(name));
    }

    /** A string that says something: names and ids. */
    public String needName(String name) {
        String value = needString(name);
        if (value.isBlank()) {
            throw BadField.invalid(path(name), "Invalid '" + path(name) + "': empty string.", "empty_string");
        }
        return value;
    }

    @Nullable
    public Boolean bool(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw BadField.wrongType(path(name), "a boolean", value);
        }
        return value == null ? null : value.booleanValue();
    }

    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(bool(name));
    }

    @Nullable
    public Double number(String name, double least, double most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw BadField.wrongType(path(name), "a number", value);
        }
        double number = value.doubleValue();
        if (number < least || number > most) {
            throw BadField.outOfRange(path(name), "decimal", String.valueOf(least), String.valueOf(most));
        }
        return number;
    }

    @Nullable
    public Integer integer(String name, int least, int most) {
        Long value = integer(name, (long) least, most);
        return value == null ? null : value.intValue();
    }

    /** An integer. Integral floats such as {@code 250.0} count: voice platforms send them. */
    @Nullable
    public Long integer(String name, long least, long most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw BadField.wrongType(path(name), "an integer", value);
        }
        BigDecimal number = value.decimalValue();
        // The size is looked at before the digits are: 1e999999999 would be a gigabyte of them.
        boolean fits = (long) number.precision() - number.scale() <= 19;
        if (fits && number.signum() != 0 && number.stripTrailingZeros().scale() > 0) {
            throw BadField.wrongType(path(name), "an integer", value);
        }
        if (!fits
                || number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw BadField.outOfRange(path(name), "integer", String.valueOf(least), String.valueOf(most));
        }
        return number.longValue();
    }

    @Nullable
    public Fields object(String name) {
        JsonNode value = get(name);
        return value == null ? null : of(value, path(name));
    }

    public Fields needObject(String name) {
        return of(need(name), path(name));
    }

    /** The objects of an array; none when it is absent. */
    public List<Fields> objects(String name) {
        JsonNode value = get(name);
        return value == null ? List.of() : objects(value, path(name));
    }

    public static List<Fields> objects(JsonNode array, String path) {
        if (!array.isArray()) {
            throw BadField.wrongType(path, "an array of objects", array);
        }
        List<Fields> objects = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            objects.add(of(array.get(i), path + "[" + i + "]"));
        }
        return objects;
    }

    /** The strings of an array; none when it is absent. */
    public List<String> strings(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw BadField.wrongType(path(name), "an array of strings", value);
        }
        List<String> strings = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            strings.add(asString(value.get(i), path(name) + "[" + i + "]"));
        }
        return strings;
    }

    /** What has no typed home. */
    public Extras except(Set<String> known) {
        Map<String, JsonNode> rest = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
                rest.put(field.getKey(), field.getValue());
            }
        });
        return rest.isEmpty() ? Extras.NONE : new Extras(rest);
    }

    private static String asString(JsonNode value, String path) throws InvalidRequest {
        if (!value.isTextual()) {
            throw BadField.wrongType(path, "a string", value);
        }
        return value.textValue();
    }
}
