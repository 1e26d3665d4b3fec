package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;

/**
 * One state of all route files and the Camel context made of them.
 *
 * @param number from 1, the one that the gateway started with
 * @param since when it came into use
 */
record Generation(int number, CamelContext camel, List<RouteTree> trees, Instant since) {
    List<RouteFile> files() {
        return trees.stream().map(RouteTree::file).toList();
    }

    /** What the files say of each route, by its id. */
    Map<String, JsonNode> routes() {
        Map<String, JsonNode> routes = new HashMap<>();
        for (RouteTree tree : trees) {
            for (JsonNode entry : tree.root()) {
                JsonNode route = entry.path("route");
                routes.put(route.path("id").asText(), route);
            }
        }
        return routes;
    }
}
