package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes as their files have them, drawn for people. */
public final class RoutePictures {
    private final List<RouteTree> trees;

    private RoutePictures(List<RouteTree> trees) {
        this.trees = trees;
    }

    /**
     * Reads routes.
     *
     * @param folder null: those in the jar
     * @throws Refused they cannot be read
     */
    public static RoutePictures of(@Nullable Path folder) {
        return new RoutePictures(RouteTree.readAll(new RouteFolder(folder).read()));
    }

    /** Every route: its file, where it begins, its steps below each other; an arrow leads to another route. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (RouteTree tree : trees) {
            text.append(tree.file().name()).append('\n');
            for (JsonNode entry : tree.root()) {
                JsonNode route = entry.path("route");
                if (!route.isMissingNode()) {
                    text.append("  ")
                            .append(route.path("id").asText())
                            .append("  ◄ ")
                            .append(from(route));
                    text.append(described(route)).append('\n');
                    steps(text, "    ", RouteStep.of(route.path("from").path("steps")));
                }
            }
        }
        return text.toString();
    }

    private static void steps(StringBuilder text, String indent, List<RouteStep> steps) {
        for (RouteStep step : steps) {
            text.append(indent).append(step.target() == null ? "│ " : "► ").append(step.title());
            text.append(step.description().isEmpty() ? "" : "  — " + step.description())
                    .append('\n');
            steps(text, indent + "│   ", step.inner());
        }
    }

    /** A flowchart of which route leads to which. */
    public String mermaid() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        List<String> arrows = new ArrayList<>();
        for (RouteTree tree : trees) {
            text.append("  subgraph ").append(id(tree.file().name())).append("[\"");
            text.append(tree.file().name()).append("\"]\n");
            for (JsonNode entry : tree.root()) {
                JsonNode route = entry.path("route");
                if (!route.isMissingNode()) {
                    String name = route.path("id").asText();
                    text.append("    ")
                            .append(id(name))
                            .append("[\"")
                            .append(name)
                            .append("\"]\n");
                    arrows(name, RouteStep.of(route.path("from").path("steps")), arrows);
                }
            }
            text.append("  end\n");
        }
        arrows.forEach(text::append);
        return text.toString();
    }

    private static void arrows(String from, List<RouteStep> steps, List<String> arrows) {
        for (RouteStep step : steps) {
            String target = step.target();
            if (target != null) {
                arrows.add("  " + id(from) + " --> " + id(target.replaceAll("\\$\\{.*}", "*")) + "\n");
            }
            arrows(from, step.inner(), arrows);
        }
    }

    private static String id(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_");
    }

    /** The routes of these ids beside each other, step by step. */
    public String svg(String... routeIds) {
        Map<String, JsonNode> all = Generation.routes(trees);
        List<JsonNode> drawn = new ArrayList<>();
        for (String id : routeIds) {
            JsonNode route = all.get(id);
            if (route != null) {
                drawn.add(route);
            }
        }
        return RouteSvg.draw(drawn);
    }

    private static String from(JsonNode route) {
        return route.path("from").path("uri").asText();
    }

    private static String described(JsonNode route) {
        String description = route.path("description").asText();
        return description.isEmpty() ? "" : "  — " + description;
    }
}
