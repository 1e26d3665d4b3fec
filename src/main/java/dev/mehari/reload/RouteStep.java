package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a route, as people read it.
 *
 * @param title what it does: {@code readCall}, {@code choice}, {@code when ${…}}
 * @param target the route that it leads to; null: none
 * @param inner the steps inside it
 */
record RouteStep(String title, String description, @Nullable String target, List<RouteStep> inner) {
    private static final List<String> BRANCHES = List.of("when", "otherwise", "onFallback", "doCatch", "doFinally");

    static List<RouteStep> of(JsonNode steps) {
        List<RouteStep> read = new ArrayList<>();
        for (JsonNode step : steps) {
            for (Map.Entry<String, JsonNode> entry : step.properties()) {
                read.add(step(entry.getKey(), entry.getValue()));
            }
        }
        return read;
    }

    private static RouteStep step(String kind, JsonNode body) {
        List<RouteStep> inner = new ArrayList<>(of(body.path("steps")));
        for (String branch : BRANCHES) {
            JsonNode found = body.path(branch);
            for (JsonNode one :
                    found.isArray() ? found : found.isMissingNode() ? List.<JsonNode>of() : List.of(found)) {
                inner.add(step(branch, one));
            }
        }
        String uri = body.isTextual() ? body.asText() : body.path("uri").asText();
        String target = uri.startsWith("direct:") ? uri.substring("direct:".length()) : null;
        return new RouteStep(title(kind, body, uri), body.path("description").asText(), target, inner);
    }

    private static String title(String kind, JsonNode body, String uri) {
        String ref = body.path("ref").asText();
        String method = body.path("method").asText();
        String condition = body.findPath("simple").path("expression").asText();
        return switch (kind) {
            case "process", "bean" -> ref + (method.isEmpty() ? "" : "." + method);
            case "to", "toD" -> uri;
            case "setProperty", "setHeader" -> kind + " " + body.path("name").asText();
            case "when", "filter", "loop" -> kind + (condition.isEmpty() ? "" : " " + shortened(condition));
            default -> kind;
        };
    }

    private static String shortened(String condition) {
        String text = condition.replaceAll("\\$\\{exchangeProperty\\.([^}]*)}", "$1");
        return text.length() > 70 ? text.substring(0, 69) + "…" : text;
    }
}
