package dev.mehari.soak;

import dev.mehari.soak.Probe.Instances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code target/soak-report}: every sample as CSV, a chart of them, and in words what became of each series. */
final class SoakReport {
    private static final Path FOLDER = Path.of("target/soak-report");
    private static final int CLASSES_SHOWN = 15;

    private final List<String> summary = new ArrayList<>();

    /** Adds a line to the summary. */
    SoakReport say(String line) {
        summary.add(line);
        return this;
    }

    SoakReport say(String title, List<?> lines) {
        summary.add("");
        summary.add(title);
        lines.forEach(line -> summary.add("  " + line));
        return this;
    }

    /** Which classes have more instances than before: where a leak shows by name. */
    SoakReport sayWhatGrew(Map<String, Instances> before, Map<String, Instances> after) {
        Comparator<String> byBytes =
                Comparator.comparingLong(type -> after.get(type).bytes()
                        - before.getOrDefault(type, Instances.NONE).bytes());
        List<String> lines = after.keySet().stream()
                .sorted(byBytes.reversed())
                .limit(CLASSES_SHOWN)
                .map(type -> {
                    Instances then = before.getOrDefault(type, Instances.NONE);
                    Instances now = after.get(type);
                    return "%+11d bytes %+8d instances  %s"
                            .formatted(now.bytes() - then.bytes(), now.count() - then.count(), type);
                })
                .toList();
        return say("What grew most on the heap between the end of the warm-up and the end", lines);
    }

    /** Writes all of it, with what the gateway has logged, and gives the summary. */
    String write(List<Sample> samples, String log) throws IOException {
        Files.createDirectories(FOLDER);
        String text = String.join("\n", summary) + "\n";
        Files.writeString(FOLDER.resolve("summary.txt"), text);
        Files.writeString(FOLDER.resolve("gateway.log"), log);
        Files.writeString(FOLDER.resolve("soak.csv"), csv(samples));
        Files.writeString(FOLDER.resolve("soak.svg"), SoakChart.svg(samples));
        return text;
    }

    private static String csv(List<Sample> samples) {
        StringBuilder csv = new StringBuilder("seconds");
        for (Series series : Series.values()) {
            csv.append(',').append(series.name().toLowerCase(Locale.ROOT));
        }
        for (Sample sample : samples) {
            csv.append('\n')
                    .append(Math.round(sample.seconds()))
                    .append(',')
                    .append(Arrays.stream(Series.values())
                            .map(series -> Long.toString(Math.round(sample.of(series))))
                            .collect(Collectors.joining(",")));
        }
        return csv.append('\n').toString();
    }
}
