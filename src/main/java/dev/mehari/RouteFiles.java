package dev.mehari;

import dev.mehari.config.RoutesLocation;
import dev.mehari.config.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The text of the route files in use, to tell an operator at which line of which file a mistake stands. */
final class RouteFiles {
    private final Map<String, List<String>> lines;

    private RouteFiles(Map<String, List<String>> lines) {
        this.lines = lines;
    }

    /** Reads all files that Camel is told to load. */
    static RouteFiles read(Environment environment) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        try {
            for (Resource file : new PathMatchingResourcePatternResolver()
                    .getResources(environment.getProperty(RoutesLocation.PATTERN, ""))) {
                String text = file.getContentAsString(StandardCharsets.UTF_8);
                lines.put(name(file), text.lines().toList());
            }
        } catch (IOException unreadable) {
            // Then the failure is told without its place.
        }
        return new RouteFiles(lines);
    }

    private static String name(Resource file) throws IOException {
        return file.isFile() ? file.getFile().getPath() : String.valueOf(file.getFilename());
    }

    /**
     * Camel passes over a file whose root is no list, as if it were not there.
     *
     * @throws StartupException there is such a file
     */
    void requireLists() {
        lines.forEach((file, text) -> {
            for (int i = 0; i < text.size(); i++) {
                String line = text.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#") && !line.equals("---")) {
                    if (!line.startsWith("-") && !line.startsWith("[") && !line.startsWith("apiVersion")) {
                        throw new StartupException(
                                file + ", line " + (i + 1) + ": a route file is a list, and this is none",
                                "Begin each entry with \"- \", as in \"- route:\".");
                    }
                    return;
                }
            }
        });
    }

    /** Every line that gives a route this id, as {@code file, line n}. */
    List<String> definitionsOf(String routeId) {
        List<String> places = new ArrayList<>();
        lines.forEach((file, text) -> {
            for (int i = 0; i < text.size(); i++) {
                if (definesId(text.get(i), routeId)) {
                    places.add(place(file, i));
                }
            }
        });
        return places;
    }

    /** Every line below a {@code from:} that names this endpoint, as {@code file, line n}. */
    List<String> beginningsAt(String endpoint) {
        List<String> places = new ArrayList<>();
        lines.forEach((file, text) -> {
            for (int i = 1; i < text.size(); i++) {
                if (text.get(i - 1).strip().equals("from:")
                        && text.get(i).strip().equals("uri: " + endpoint)) {
                    places.add(place(file, i));
                }
            }
        });
        return places;
    }

    /** The first line of that route that holds the words; where the route begins when none does; null: no such route. */
    @Nullable
    String find(String routeId, @Nullable String words) {
        for (Map.Entry<String, List<String>> file : lines.entrySet()) {
            List<String> text = file.getValue();
            for (int i = 0; i < text.size(); i++) {
                if (definesId(text.get(i), routeId)) {
                    int at = words == null ? -1 : indexOf(text, words, i);
                    return place(file.getKey(), at < 0 ? i : at);
                }
            }
        }
        return null;
    }

    private static boolean definesId(String line, String routeId) {
        String bare = line.strip();
        return bare.startsWith("id:")
                && Arrays.asList(routeId, '"' + routeId + '"', "'" + routeId + "'")
                        .contains(bare.substring(3).strip());
    }

    private static int indexOf(List<String> text, String words, int from) {
        for (int i = from; i < text.size(); i++) {
            if (text.get(i).contains(words)) {
                return i;
            }
        }
        return -1;
    }

    private static String place(String file, int index) {
        return file + ", line " + (index + 1);
    }
}
