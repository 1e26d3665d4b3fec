package dev.mehari.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was proved, with its figures: {@code target/scale-report/report.json} and {@code report.md}. */
final class ScaleReport {
    private static final Path FOLDER = Path.of("target/scale-report");
    private static final Map<String, Map<String, Object>> PROVED = new LinkedHashMap<>();

    private ScaleReport() {}

    /** Labels and values in turn, in that order. */
    static Map<String, Object> figures(Object... labelsAndValues) {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (int i = 0; i < labelsAndValues.length; i += 2) {
            figures.put((String) labelsAndValues[i], labelsAndValues[i + 1]);
        }
        return figures;
    }

    /** Adds a proof and writes the report anew, so that what was proved before a failure stands there too. */
    static synchronized void add(String what, Map<String, Object> figures) {
        PROVED.put(what, figures);
        StringBuilder text = new StringBuilder("# Three gateways behind nginx, with one Redis and one PostgreSQL\n\n"
                + "Written by `mvn -Pscale verify`. Times are those of this run, on whatever else the machine did.\n");
        PROVED.forEach((name, told) -> {
            text.append("\n## ").append(name).append("\n\n| | |\n|---|---|\n");
            told.forEach((label, value) ->
                    text.append("| ").append(label).append(" | ").append(value).append(" |\n"));
        });
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve("report.md"), text);
            Files.write(
                    FOLDER.resolve("report.json"),
                    new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsBytes(PROVED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
