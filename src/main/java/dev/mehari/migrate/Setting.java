package dev.mehari.migrate;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in somebody's YAML file, with its name and its line, that remembers whether it was taken over: what nobody took
 * is told at the end, so nothing can be lost by being forgotten. For one thread.
 */
final class Setting {
    private static final int DEEPEST = 64;
    private static final int LARGEST = 200_000;

    private final String name;
    private final int line;
    private final @Nullable String text;
    private final Map<String, Setting> entries = new LinkedHashMap<>();
    private final List<Setting> items = new ArrayList<>();

    /** Nodes that stand in for others by a merge key: they were taken where they were merged. */
    private final Set<Node> merged;

    private final Node node;
    private boolean taken;

    private Setting(String name, Node node, @Nullable String text, Set<Node> merged) {
        this.name = name;
        this.node = node;
        this.line = node.getStartMark().getLine() + 1;
        this.text = text;
        this.merged = merged;
    }

    /**
     * Reads a file whose top is a mapping. Aliases and merge keys ({@code <<}) are resolved.
     *
     * @throws IllegalArgumentException it is no such YAML; the message has line and column where they are known
     */
    static Setting read(String yaml) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            Node top = new Yaml(options).compose(new StringReader(yaml));
            if (!(top instanceof MappingNode)) {
                throw new IllegalArgumentException("it holds no settings: a mapping is wanted at its top");
            }
            return of("", top, new Reading(Collections.newSetFromMap(new IdentityHashMap<>()), new int[1]), 0);
        } catch (MarkedYAMLException broken) {
            throw new IllegalArgumentException(
                    broken.getProblemMark() == null
                            ? "not valid YAML: " + broken.getProblem()
                            : "line " + (broken.getProblemMark().getLine() + 1) + ", column "
                                    + (broken.getProblemMark().getColumn() + 1) + ": not valid YAML: "
                                    + broken.getProblem(),
                    broken);
        }
    }

    /** @param count of values so far */
    private record Reading(Set<Node> merged, int[] count) {}

    private static Setting of(String name, Node node, Reading reading, int depth) {
        if (depth > DEEPEST || reading.count[0]++ > LARGEST) {
            // An alias may name what it stands in.
            throw new IllegalArgumentException(
                    "line " + (node.getStartMark().getLine() + 1) + ": nested too deeply, or too large");
        }
        return switch (node) {
            case MappingNode mapping -> {
                Setting setting = new Setting(name, node, null, reading.merged);
                setting.add(mapping, reading, depth);
                yield setting;
            }
            case SequenceNode sequence -> {
                Setting setting = new Setting(name, node, null, reading.merged);
                for (Node item : sequence.getValue()) {
                    setting.items.add(of(name + "[" + setting.items.size() + "]", item, reading, depth + 1));
                }
                yield setting;
            }
            case ScalarNode scalar ->
                new Setting(
                        name,
                        node,
                        Tag.NULL.equals(scalar.getTag())
                                ? null
                                : scalar.getValue().strip(),
                        reading.merged);
            default ->
                throw new IllegalArgumentException(
                        "line " + (node.getStartMark().getLine() + 1) + ": not understood");
        };
    }

    private void add(MappingNode mapping, Reading reading, int depth) {
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (key.equals("<<")) {
                merge(tuple.getValueNode(), reading, depth);
            } else {
                String child = name.isEmpty() ? key : name + "." + key;
                entries.put(key, of(child, tuple.getValueNode(), reading, depth + 1));
            }
        }
    }

    private void merge(Node value, Reading reading, int depth) {
        List<Node> sources = value instanceof SequenceNode several ? several.getValue() : List.of(value);
        for (Node source : sources) {
            reading.merged.add(source);
            of(name, source, reading, depth + 1).entries.forEach(entries::putIfAbsent);
        }
    }

    /** From the top, such as {@code model_list[0].model_name}. */
    String name() {
        return name;
    }

    int line() {
        return line;
    }

    /** The value below, whether it is taken later or not; null: there is none. */
    @Nullable
    Setting get(String key) {
        return entries.get(key);
    }

    Map<String, Setting> entries() {
        return entries;
    }

    /** Of a list; a single value is a list of itself. */
    List<Setting> items() {
        return items.isEmpty() && text != null ? List.of(this) : items;
    }

    boolean isText() {
        return text != null;
    }

    /** Takes the text over. Null: it has none, or an empty one. */
    @Nullable
    String text() {
        take();
        return text == null || text.isEmpty() ? null : text;
    }

    /** Takes the text of the value below over; null: it is not there, or empty. */
    @Nullable
    String text(String key) {
        Setting setting = get(key);
        return setting == null || !setting.isText() ? null : setting.text();
    }

    /** Takes a yes or no over; null: it is neither. YAML 1.1 has many words for both, and so has Python. */
    @Nullable
    Boolean flag(String key) {
        Setting setting = get(key);
        String word = setting == null || setting.text == null ? "" : setting.text.toLowerCase(Locale.ROOT);
        return switch (word) {
            case "true", "yes", "on", "1" -> take(setting, true);
            case "false", "no", "off", "0" -> take(setting, false);
            default -> null;
        };
    }

    private static boolean take(@Nullable Setting setting, boolean value) {
        if (setting != null) {
            setting.take();
        }
        return value;
    }

    /** Takes all of it over, with what is below. */
    void take() {
        taken = true;
        entries.values().forEach(Setting::take);
        items.forEach(Setting::take);
    }

    /** Tells each text, whether it was taken or not. */
    void eachText(Consumer<String> told) {
        if (text != null) {
            told.accept(text);
        }
        entries.values().forEach(entry -> entry.eachText(told));
        items.forEach(item -> item.eachText(told));
    }

    /** Tells each value that nobody took. */
    void eachLeft(Consumer<Setting> told) {
        if (taken || merged.contains(node)) {
            return;
        }
        if (entries.isEmpty() && items.isEmpty()) {
            // Written down without a value: it says nothing.
            if (text != null) {
                told.accept(this);
            }
            return;
        }
        entries.values().forEach(entry -> entry.eachLeft(told));
        items.forEach(item -> item.eachLeft(told));
    }
}
