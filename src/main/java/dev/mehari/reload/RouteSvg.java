package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Draws routes as columns of boxes; a step with steps inside is a box around them. */
final class RouteSvg {
    private static final int WIDTH = 400;
    private static final int GAP = 36;
    private static final int LINE = 46;
    private static final int PAD = 10;

    private final StringBuilder svg = new StringBuilder();
    private int lowest;

    private RouteSvg() {}

    static String draw(List<JsonNode> routes) {
        RouteSvg drawing = new RouteSvg();
        int x = GAP;
        for (JsonNode route : routes) {
            drawing.route(route, x);
            x += WIDTH + GAP;
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="13">
            <rect width="%1$d" height="%2$d" fill="#ffffff"/>
            %3$s</svg>
            """.formatted(x, drawing.lowest + GAP, drawing.svg);
    }

    private void route(JsonNode route, int x) {
        String id = route.path("id").asText();
        text(x, GAP, "bold", "#1b3a4b", id);
        text(x, GAP + 17, "normal", "#5b6b73", fit(route.path("description").asText(), WIDTH, 7));
        int y = steps(RouteStep.of(route.path("from").path("steps")), x, GAP + 32, WIDTH);
        lowest = Math.max(lowest, y);
    }

    private int steps(List<RouteStep> steps, int x, int top, int width) {
        int y = top;
        for (RouteStep step : steps) {
            y = step(step, x, y, width) + PAD;
        }
        return y;
    }

    /** Where the next one may begin. */
    private int step(RouteStep step, int x, int y, int width) {
        int bottom = y + LINE;
        if (!step.inner().isEmpty()) {
            // Drawn after its frame, whose height is only known then.
            int mark = svg.length();
            bottom = steps(step.inner(), x + PAD, y + LINE, width - 2 * PAD);
            String inside = svg.substring(mark);
            svg.setLength(mark);
            box(x, y, width, bottom - y, "#f4f1ea", "#c9b88c");
            svg.append(inside);
        } else {
            boolean leads = step.target() != null;
            box(x, y, width, LINE, leads ? "#e3f0f7" : "#ffffff", leads ? "#3d7ea6" : "#9aa7ad");
        }
        text(
                x + PAD,
                y + 19,
                "bold",
                "#1f2d33",
                (step.target() == null ? "" : "→ ") + fit(step.title(), width - 20, 9));
        text(x + PAD, y + 36, "normal", "#5b6b73", fit(step.description(), width, 7));
        return bottom;
    }

    private void box(int x, int y, int width, int height, String fill, String stroke) {
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\" stroke=\"%s\"/>\n"
                .formatted(x, y, width, height, fill, stroke));
    }

    private void text(int x, int y, String weight, String colour, String words) {
        if (!words.isEmpty()) {
            svg.append("<text x=\"%d\" y=\"%d\" font-weight=\"%s\" fill=\"%s\">%s</text>\n"
                    .formatted(x, y, weight, colour, escaped(words)));
        }
    }

    /** @param wide of a letter, in pixels */
    private static String fit(String words, int width, int wide) {
        int most = (width - 2 * PAD) / wide;
        return words.length() > most ? words.substring(0, most - 1) + "…" : words;
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
