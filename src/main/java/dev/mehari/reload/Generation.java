package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * One state of all route files and the Camel context made of them.
 *
 * @param number from 1, the one that the gateway started with
 * @param since when it came into use
 * @param changed when each route became what it is, by its id
 */
record Generation(int number, CamelContext camel, List<RouteTree> trees, Instant since, Map<String, Instant> changed) {
    static Generation first(CamelContext camel, List<RouteTree> trees) {
        return new Generation(1, camel, trees, Instant.now(), changes(routes(trees), Map.of(), Map.of()));
    }

    Generation next(CamelContext next, List<RouteTree> theirs) {
        return new Generation(number + 1, next, theirs, Instant.now(), changes(routes(theirs), routes(), changed));
    }

    private static Map<String, Instant> changes(
            Map<String, JsonNode> routes, Map<String, JsonNode> before, Map<String, Instant> known) {
        Instant now = Instant.now();
        Map<String, Instant> changes = new HashMap<>();
        routes.forEach(
                (id, route) -> changes.put(id, route.equals(before.get(id)) ? known.getOrDefault(id, now) : now));
        return changes;
    }

    List<RouteFile> files() {
        return trees.stream().map(RouteTree::file).toList();
    }

    /** What the files say of each route, by its id. */
    Map<String, JsonNode> routes() {
        return routes(trees);
    }

    static Map<String, JsonNode> routes(List<RouteTree> trees) {
        Map<String, JsonNode> routes = new HashMap<>();
        for (RouteTree tree : trees) {
            for (JsonNode entry : tree.root()) {
                JsonNode route = entry.path("route");
                routes.put(route.path("id").asText(), route);
            }
        }
        return routes;
    }

    /** Where a route stands, as {@code routes/chat.camel.yaml:2}; null when it is in no file. */
    @Nullable
    String place(String routeId) {
        for (RouteTree tree : trees) {
            int line = tree.file().lineOf(routeId);
            if (line > 0) {
                return tree.file().name() + ":" + line;
            }
        }
        return null;
    }
}
