package dev.mehari.reload;

import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Camel's own JSON schema of its YAML: unknown steps and misspelt options, each with its place. Read when first needed.
 * Thread-safe.
 */
final class RouteSchema {
    /** How the schema says that one of several forms is wanted says nothing an operator could use; what is in them does. */
    private static final Set<String> OF_SEVERAL = Set.of("anyOf", "oneOf", "allOf", "not");

    private RouteSchema() {}

    /** Megabytes of it: it goes when memory is short, and takes half a second to come back. */
    private static volatile SoftReference<JsonSchema> loaded = new SoftReference<>(null);

    /** Reads it ahead of its first use. */
    static void load() {
        schema();
    }

    private static JsonSchema schema() {
        JsonSchema known = loaded.get();
        if (known != null) {
            return known;
        }
        JsonSchema schema = read();
        loaded = new SoftReference<>(schema);
        return schema;
    }

    /*
     * Its steps may hold each other to any depth. The library would follow those references forty deep before anything is
     * checked, which takes 220 MB and ten seconds, and would keep a copy of each part for each way that leads to it. So:
     * only what is in a file is followed, and forgotten again. 5 MB; a file takes some milliseconds.
     */
    static JsonSchema read() {
        InputStream file = Objects.requireNonNull(
                RouteSchema.class.getResourceAsStream("/schema/camelYamlDsl.json"), "camel-yaml-dsl");
        return JsonSchemaFactory.getInstance(VersionFlag.V4)
                .getSchema(
                        file,
                        SchemaValidatorsConfig.builder()
                                .pathType(PathType.JSON_POINTER)
                                .preloadJsonSchema(false)
                                .cacheRefs(false)
                                .build());
    }

    /** Everything that the schema does not allow, in the order of the file; one problem a place. */
    static List<Problem> check(RouteTree tree) {
        return check(schema(), tree);
    }

    static List<Problem> check(JsonSchema schema, RouteTree tree) {
        Map<String, Problem> found = new LinkedHashMap<>();
        List<ValidationMessage> messages = new ArrayList<>(schema.validate(tree.root()));
        messages.sort(
                Comparator.comparing(message -> message.getInstanceLocation().toString()));
        for (ValidationMessage message : messages) {
            if (isTold(message)) {
                Problem problem = problem(tree, message);
                found.putIfAbsent(problem.line() + ":" + problem.column(), problem);
            }
        }
        return found.values().stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .toList();
    }

    private static boolean isTold(ValidationMessage message) {
        if (OF_SEVERAL.contains(message.getType())) {
            return false;
        }
        // Camel turns text into numbers and truth values, and says so when it cannot.
        boolean plain =
                message.getInstanceNode() != null && message.getInstanceNode().isValueNode();
        return !(message.getType().equals("type") && plain);
    }

    private static Problem problem(RouteTree tree, ValidationMessage message) {
        JsonNodePath at = message.getInstanceLocation();
        if (message.getType().equals("additionalProperties")) {
            String name = message.getProperty();
            String holder = holder(at);
            String pointer = at + "/" + name.replace("~", "~0").replace("/", "~1");
            return tree.at(
                    pointer,
                    holder.equals("steps") || holder.isEmpty()
                            ? "there is no step \"" + name + "\""
                            : "\"" + holder + "\" has no option \"" + name + "\"");
        }
        return tree.at(at.toString(), message.getError());
    }

    /** The last name in a pointer that is no number. */
    private static String holder(JsonNodePath at) {
        for (int i = at.getNameCount() - 1; i >= 0; i--) {
            String name = String.valueOf(at.getElement(i));
            if (!name.chars().allMatch(Character::isDigit)) {
                return name;
            }
        }
        return "";
    }
}
