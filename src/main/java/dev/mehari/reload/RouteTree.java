package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A route file as a tree, with the place of every part of it. Immutable once read. */
final class RouteTree {
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setUseMarks(true).build();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final RouteFile file;

    /** By JSON pointer; a member's place is that of its name. */
    private final Map<String, Mark> marks = new HashMap<>();

    private final JsonNode root;

    private RouteTree(RouteFile file, Node root) {
        this.file = file;
        this.root = read("", root);
    }

    /**
     * Reads a file.
     *
     * @throws Refused it is no YAML, or holds something else than a list of routes
     */
    static RouteTree read(RouteFile file) {
        if (file.text().lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
            throw new Refused(new Problem(file.name(), 1, 0, "the route file is empty"));
        }
        Optional<Node> root;
        try {
            root = new Compose(SETTINGS).composeString(file.text());
        } catch (MarkedYamlEngineException broken) {
            throw new Refused(at(file, broken.getProblemMark().orElse(null), reason(broken)));
        } catch (YamlEngineException broken) {
            throw new Refused(new Problem(file.name(), 0, 0, "is not valid YAML: " + broken.getMessage()));
        }
        Node list = root.orElseThrow(() -> new Refused(new Problem(file.name(), 1, 0, "the route file is empty")));
        if (!(list instanceof SequenceNode) && !isKubernetes(list)) {
            throw new Refused(at(
                    file,
                    list.getStartMark().orElse(null),
                    "a route file is a list, and this is none; begin each entry with \"- \", as in \"- route:\""));
        }
        return new RouteTree(file, list);
    }

    /** Camel reads its own custom resource too. */
    private static boolean isKubernetes(Node root) {
        return root instanceof MappingNode map
                && map.getValue().stream().anyMatch(entry -> name(entry).equals("apiVersion"));
    }

    private static String reason(MarkedYamlEngineException broken) {
        String problem = String.valueOf(broken.getProblem());
        return problem.contains("'\\t(TAB)'") ? "a tab; YAML indents with spaces" : problem;
    }

    /**
     * Reads files that are to serve together.
     *
     * @throws Refused as for each, or two of them give a route the same id: Camel would take one of the two
     */
    static List<RouteTree> readAll(List<RouteFile> files) {
        List<RouteTree> trees = files.stream().map(RouteTree::read).toList();
        requireOwnIds(trees);
        return trees;
    }

    /** @throws Refused two files give a route the same id */
    static void requireOwnIds(List<RouteTree> trees) {
        Map<String, Problem> places = new HashMap<>();
        for (RouteTree tree : trees) {
            for (int i = 0; i < tree.root.size(); i++) {
                JsonNode id = tree.root.path(i).path("route").path("id");
                Problem place = tree.at("/" + i + "/route/id", "");
                Problem other = id.isMissingNode() ? null : places.putIfAbsent(id.asText(), place);
                if (other != null) {
                    throw new Refused(tree.at(
                            "/" + i + "/route/id",
                            "the route id \"" + id.asText() + "\" is there more than once; also " + other.file()
                                    + ", line " + other.line()));
                }
            }
        }
    }

    RouteFile file() {
        return file;
    }

    JsonNode root() {
        return root;
    }

    /** A problem at the part with this JSON pointer, or at the nearest one above it. */
    Problem at(String pointer, String reason) {
        String nearest = pointer;
        while (!marks.containsKey(nearest) && !nearest.isEmpty()) {
            nearest = nearest.substring(0, nearest.lastIndexOf('/'));
        }
        return at(file, marks.get(nearest), reason);
    }

    private static Problem at(RouteFile file, @Nullable Mark mark, String reason) {
        return mark == null
                ? new Problem(file.name(), 0, 0, reason)
                : new Problem(file.name(), mark.getLine() + 1, mark.getColumn() + 1, reason);
    }

    private JsonNode read(String pointer, Node node) {
        node.getStartMark().ifPresent(mark -> marks.putIfAbsent(pointer, mark));
        return switch (node) {
            case MappingNode map -> object(pointer, map);
            case SequenceNode list -> array(pointer, list);
            case ScalarNode scalar -> scalar(scalar);
            default -> JSON.nullNode();
        };
    }

    private ObjectNode object(String pointer, MappingNode map) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple entry : map.getValue()) {
            String name = name(entry);
            Mark mark = entry.getKeyNode().getStartMark().orElse(null);
            if (object.has(name)) {
                throw new Refused(at(file, mark, "\"" + name + "\" is there twice"));
            }
            String inner = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            if (mark != null) {
                marks.put(inner, mark);
            }
            object.set(name, read(inner, entry.getValueNode()));
        }
        return object;
    }

    private ArrayNode array(String pointer, SequenceNode list) {
        ArrayNode array = JSON.arrayNode();
        for (Node element : list.getValue()) {
            array.add(read(pointer + "/" + array.size(), element));
        }
        return array;
    }

    private static String name(NodeTuple entry) {
        return entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        // Numbers in text's clothes: Camel takes either for a setting, and its own reading tells what is no number.
        return JSON.textNode(text);
    }
}
