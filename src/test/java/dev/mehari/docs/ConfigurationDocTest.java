package dev.mehari.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.MehariSettings;
import dev.mehari.testing.SettingDocs;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.unit.DataSize;

/**
 * The settings in docs/configuration.md are those of the code: names, types and defaults from the records, variables from
 * the shipped application.yaml, words from the records' javadoc. {@code -Dgolden.update=true} rewrites that part.
 */
class ConfigurationDocTest {
    private static final Path DOC = Path.of("docs/configuration.md");
    private static final String BEGIN = "<!-- Made by ConfigurationDocTest of the records' javadoc: change that. -->\n";
    private static final String END = "<!-- End of what is made. -->\n";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
    private static final Pattern PAGE = Pattern.compile("\\(?docs/([a-z-]+\\.md)(#[a-z0-9-]+)?\\)?");

    private final SettingDocs docs = SettingDocs.read(Path.of("src/main/java/dev/mehari/config"));
    private final EnumerablePropertySource<?> shipped = shipped();
    private final List<String> undescribed = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private static EnumerablePropertySource<?> shipped() {
        try {
            return (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
                    .load("shipped", new FileSystemResource("application.yaml"))
                    .getFirst();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theSettingsAreThoseOfTheCodeAndEachIsDescribed() throws IOException {
        section("`mehari`", "What stands at the top.");
        table("mehari", MehariSettings.class, "", component -> !isGroup(component));
        for (RecordComponent component : MehariSettings.class.getRecordComponents()) {
            if (isGroup(component)) {
                group(component);
            }
        }
        String doc = Files.readString(DOC);
        int from = doc.indexOf(BEGIN) + BEGIN.length();
        int to = doc.indexOf(END);
        assertThat(doc).contains(BEGIN, END);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(DOC, doc.substring(0, from) + "\n" + text + doc.substring(to));
        }
        assertThat(undescribed).as("a setting needs its @param").isEmpty();
        assertThat(Files.readString(DOC)).contains(BEGIN + "\n" + text + END);
    }

    private void group(RecordComponent component) {
        String name = kebab(component.getName());
        String placed = isMap(component) ? name + ".<name>" : isList(component) ? name + "[]" : name;
        Class<?> type = element(component);
        section("`" + placed + "`", words(MehariSettings.class, component.getName()));
        table("mehari." + name, type, "", nested -> !isLarge(nested));
        for (RecordComponent nested : type.getRecordComponents()) {
            if (isLarge(nested)) {
                section("`" + placed + "." + kebab(nested.getName()) + "`", words(type, nested.getName()));
                table("mehari." + name + "." + kebab(nested.getName()), element(nested), "", all -> true);
            }
        }
    }

    private void section(String title, String words) {
        text.append("### ").append(title).append("\n\n").append(sentence(words)).append("\n\n");
    }

    private static String sentence(String words) {
        String begun = words.isEmpty() ? "" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
        return begun.endsWith(".") || begun.isEmpty() ? begun : begun + ".";
    }

    private interface Choice {
        boolean takes(RecordComponent component);
    }

    private void table(String path, Class<?> record, String prefix, Choice choice) {
        text.append("| Setting | Type | Default | |\n|---|---|---|---|\n");
        rows(path, record, prefix, choice);
        text.append('\n');
    }

    private void rows(String path, Class<?> record, String prefix, Choice choice) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (choice.takes(component)) {
                String name = prefix + kebab(component.getName());
                String setting = path + "." + kebab(component.getName());
                if (isGroup(component)) {
                    String inside =
                            isList(component) ? name + "[]." : isMap(component) ? name + ".<name>." : name + ".";
                    rows(setting, element(component), inside, all -> true);
                } else {
                    text.append("| `")
                            .append(name)
                            .append("` | ")
                            .append(type(component))
                            .append(" | ")
                            .append(preset(setting, component))
                            .append(" | ")
                            .append(words(record, component.getName()).replace("|", "\\|"))
                            .append(" |\n");
                }
            }
        }
    }

    /** What the shipped file says, else the record; a variable is named with what holds without it. */
    private String preset(String setting, RecordComponent component) {
        // In YAML an unquoted off is false.
        Object written = component.getType().isEnum() ? null : shipped.getProperty(setting);
        DefaultValue annotation = component.getAnnotation(DefaultValue.class) == null
                ? parameter(component)
                : component.getAnnotation(DefaultValue.class);
        String own = annotation == null || annotation.value().length == 0
                ? "–"
                : "`" + annotation.value()[0] + "`";
        if (written == null) {
            return own;
        }
        Matcher variables = VARIABLE.matcher(written.toString());
        List<String> names = new ArrayList<>();
        while (variables.find()) {
            names.add("`" + variables.group(1) + "`");
        }
        String value = written.toString().replaceAll("\\$\\{[A-Z0-9_]+:", "").replaceAll("}+$", "");
        String shown = value.isEmpty() ? own : "`" + value + "`";
        return names.isEmpty() ? shown : String.join(", ", names) + (shown.equals("–") ? "" : ", else " + shown);
    }

    /** The annotation stands at the constructor's parameter. */
    private static DefaultValue parameter(RecordComponent component) {
        RecordComponent[] all = component.getDeclaringRecord().getRecordComponents();
        for (int i = 0; i < all.length; i++) {
            if (all[i].getName().equals(component.getName())) {
                return component
                        .getDeclaringRecord()
                        .getDeclaredConstructors()[0]
                        .getParameters()[i]
                        .getAnnotation(DefaultValue.class);
            }
        }
        throw new IllegalStateException(component.toString());
    }

    private String words(Class<?> record, String member) {
        String said = docs.of(name(record), member);
        if (said.isEmpty()) {
            undescribed.add(name(record) + "." + member);
        }
        // Of a record's component; in a file nothing is written then.
        return PAGE.matcher(said.replaceAll("\\b(n|N)ull:", "empty:")).replaceAll(found -> {
            String link =
                    "[" + found.group(1) + "](" + found.group(1) + (found.group(2) == null ? "" : found.group(2)) + ")";
            return Matcher.quoteReplacement(found.group().startsWith("(") ? "(" + link + ")" : link);
        });
    }

    private static String name(Class<?> type) {
        return type.getDeclaringClass() == null
                ? type.getSimpleName()
                : name(type.getDeclaringClass()) + "." + type.getSimpleName();
    }

    private String type(RecordComponent component) {
        Class<?> type = component.getType();
        if (isMap(component)) {
            return "names and values";
        }
        if (Collection.class.isAssignableFrom(type)) {
            Class<?> element = argument(component.getGenericType(), 0);
            return element.isEnum() ? "list of " + constants(element) : "list";
        }
        if (type.isEnum()) {
            return constants(type);
        }
        if (type == Duration.class) {
            return "time";
        }
        if (type == DataSize.class) {
            return "size";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true, false";
        }
        if (type == BigDecimal.class) {
            return "US dollars";
        }
        if (type == Instant.class) {
            return "instant";
        }
        if (type == URI.class) {
            return "address";
        }
        return type.isPrimitive() || Number.class.isAssignableFrom(type) ? "number" : "text";
    }

    private String constants(Class<?> type) {
        return String.join(
                " · ",
                Stream.of(type.getEnumConstants())
                        .map(constant -> {
                            String name = ((Enum<?>) constant).name();
                            String said = docs.of(name(type), name).replaceAll("\\.$", "");
                            return "`" + name.toLowerCase(Locale.ROOT).replace('_', '-') + "`"
                                    + (said.isEmpty() ? "" : " (" + begun(said) + ")");
                        })
                        .toList());
    }

    /** As it stands inside a sentence. */
    private static String begun(String sentence) {
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static boolean isMap(RecordComponent component) {
        return Map.class.isAssignableFrom(component.getType());
    }

    private static boolean isList(RecordComponent component) {
        return Collection.class.isAssignableFrom(component.getType());
    }

    /** Whether it holds settings of its own. */
    private static boolean isGroup(RecordComponent component) {
        return element(component).isRecord();
    }

    /** Whether it has a table of its own inside a group's section. */
    private static boolean isLarge(RecordComponent component) {
        return isGroup(component) && element(component).getRecordComponents().length > 5;
    }

    /** What a list or a map holds, else what it is. */
    private static Class<?> element(RecordComponent component) {
        if (isMap(component)) {
            return argument(component.getGenericType(), 1);
        }
        return isList(component) ? argument(component.getGenericType(), 0) : component.getType();
    }

    private static Class<?> argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                        && parameterized.getActualTypeArguments()[index] instanceof Class<?> argument
                ? argument
                : Object.class;
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
