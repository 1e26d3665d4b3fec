package dev.mehari.migrate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Settings as they come together, and what is to be told of them. For one thread. */
final class Draft {
    private static final String VARIABLE = "os.environ/";

    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<Integer, Set<String>> lost = new TreeMap<>();
    private final Map<Integer, Set<String>> differs = new TreeMap<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Set<String> variables = new LinkedHashSet<>();
    private final Set<String> reserved = new HashSet<>();

    /** Sets one, such as {@code mehari.cache.ttl}; null: it is left as it is. */
    void set(String name, @Nullable Object value) {
        if (value != null) {
            int dot = name.lastIndexOf('.');
            below(name.substring(0, dot)).put(name.substring(dot + 1), value);
        }
    }

    @SuppressWarnings("unchecked") // what is set below a name that has a dot behind it is a map
    private Map<String, Object> below(String name) {
        Map<String, Object> at = settings;
        for (String part : name.split("\\.")) {
            at = (Map<String, Object>) at.computeIfAbsent(part, missing -> new LinkedHashMap<>());
        }
        return at;
    }

    Map<String, Object> settings() {
        return settings;
    }

    /** Tells that a setting was not carried over. */
    void lost(Setting setting, String why) {
        setting.take();
        lost.computeIfAbsent(setting.line(), line -> new LinkedHashSet<>()).add(told(setting, why));
    }

    /** Tells that a setting was carried over, but is not quite the same here. */
    void differs(Setting setting, String how) {
        setting.take();
        differs.computeIfAbsent(setting.line(), line -> new LinkedHashSet<>()).add(told(setting, how));
    }

    private static String told(Setting setting, String words) {
        return "line " + setting.line() + ", " + setting.name() + ": " + words;
    }

    List<String> lost() {
        return lost.values().stream().flatMap(Set::stream).toList();
    }

    List<String> differs() {
        return differs.values().stream().flatMap(Set::stream).toList();
    }

    Map<String, String> secrets() {
        return secrets;
    }

    /** Those that are named without a value of their own. */
    Set<String> variables() {
        return variables;
    }

    /** The variable in {@code os.environ/NAME}; null: it is none. */
    static @Nullable String variable(@Nullable String text) {
        return text != null && text.startsWith(VARIABLE)
                ? text.substring(VARIABLE.length()).strip()
                : null;
    }

    /** Takes a value over, a variable as ours are written. Null: it is not there. */
    @Nullable
    String value(Setting in, String key) {
        String text = in.text(key);
        String variable = variable(text);
        return variable == null ? text : placeholder(variable);
    }

    /** Keeps names for what the environment holds: no secret of the file gets one of them. */
    void reserve(Collection<String> names) {
        reserved.addAll(names);
    }

    /** Takes a secret over: where it stands in the file, a variable is made for it. Null: it is not there. */
    @Nullable
    String secret(Setting in, String key, String variable) {
        String text = in.text(key);
        if (text == null) {
            return null;
        }
        String named = variable(text);
        if (named != null) {
            return placeholder(named);
        }
        String name = variable;
        for (int i = 1; reserved.contains(name) || !text.equals(secrets.getOrDefault(name, text)); i++) {
            name = variable + "_" + i;
        }
        secrets.put(name, text);
        return placeholder(name);
    }

    /** A value that a file sets for a variable. */
    void variable(String name, String value) {
        secrets.put(name, value);
    }

    String placeholder(String variable) {
        variables.add(variable);
        return "${" + variable + ":}";
    }

    /** Takes a number over; one that a variable holds cannot be reckoned with, and is told. Null: there is none. */
    @Nullable
    BigDecimal number(Setting in, String key) {
        Setting setting = in.get(key);
        String text = setting == null || !setting.isText() ? null : setting.text();
        if (setting == null || text == null) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException none) {
            lost(setting, "is no number here; set it by hand");
            return null;
        }
    }

    /** Takes a whole number of at least 1 over; 0 and less mean nothing here, and are told. */
    @Nullable
    Long count(Setting in, String key) {
        BigDecimal number = number(in, key);
        Setting setting = in.get(key);
        if (number == null || setting == null) {
            return null;
        }
        if (number.compareTo(BigDecimal.ONE) < 0) {
            lost(setting, "is below 1");
            return null;
        }
        return number.setScale(0, RoundingMode.UP).longValue();
    }

    /** Takes a time in seconds over; one that is not above 0 is told. */
    @Nullable
    String seconds(Setting in, String key) {
        BigDecimal number = number(in, key);
        Setting setting = in.get(key);
        if (number == null || setting == null) {
            return null;
        }
        if (number.signum() <= 0) {
            lost(setting, "is no time above 0");
            return null;
        }
        return time(number);
    }

    static String time(BigDecimal seconds) {
        BigDecimal whole = seconds.stripTrailingZeros();
        return whole.scale() <= 0
                ? whole.toBigInteger() + "s"
                : whole.movePointRight(3).setScale(0, RoundingMode.UP) + "ms";
    }
}
