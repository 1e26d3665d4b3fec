package dev.mehari.soak;

import java.util.List;
import java.util.stream.Collectors;

/** A panel for each series, from 0 to its highest value, over the seconds of the run; the warm-up is shaded. */
final class SoakChart {
    private static final int COLUMNS = 3;
    private static final int WIDTH = 360;
    private static final int HEIGHT = 150;
    private static final int LEFT = 20;
    private static final int TOP = 40;
    private static final int PLOT_WIDTH = WIDTH - 2 * LEFT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - 20;

    private SoakChart() {}

    static String svg(List<Sample> samples) {
        int rows = (Series.values().length + COLUMNS - 1) / COLUMNS;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                """.formatted(COLUMNS * WIDTH, rows * HEIGHT));
        for (Series series : Series.values()) {
            int x = series.ordinal() % COLUMNS * WIDTH;
            int y = series.ordinal() / COLUMNS * HEIGHT;
            svg.append("<g transform=\"translate(%d %d)\">\n%s</g>\n".formatted(x, y, panel(series, samples)));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String panel(Series series, List<Sample> samples) {
        double highest =
                samples.stream().mapToDouble(sample -> sample.of(series)).max().orElse(0);
        double seconds = samples.isEmpty() ? 0 : samples.getLast().seconds();
        String points = samples.stream()
                .map(sample -> Math.round(LEFT + part(sample.seconds(), seconds) * PLOT_WIDTH) + ","
                        + Math.round(TOP + (1 - part(sample.of(series), highest)) * PLOT_HEIGHT))
                .collect(Collectors.joining(" "));
        return """
                <text x="%d" y="18" font-weight="bold">%s</text>
                <text x="%d" y="33" fill="#666">highest %s, last %s; %.0f s</text>
                <rect x="%d" y="%d" width="%d" height="%d" fill="#f4f4f4"/>
                <polyline points="%s" fill="none" stroke="#0b6e99" stroke-width="1.5"/>
                <path d="M%d %dh%d" stroke="#999"/>
                """.formatted(
                        LEFT,
                        series.label,
                        LEFT,
                        series.text(highest),
                        series.text(samples.isEmpty() ? 0 : samples.getLast().of(series)),
                        seconds,
                        LEFT,
                        TOP,
                        PLOT_WIDTH / 3,
                        PLOT_HEIGHT,
                        points,
                        LEFT,
                        TOP + PLOT_HEIGHT,
                        PLOT_WIDTH);
    }

    private static double part(double value, double whole) {
        return whole == 0 ? 0 : value / whole;
    }
}
