package dev.mehari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: its code blocks, its links, and the anchors that others may link to. */
public final class DocFile {
    private static final Pattern LINK = Pattern.compile("!?\\[(?:[^\\]\\[]|\\[[^\\]]*])*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");

    private final Path path;
    private final List<Fence> fences = new ArrayList<>();
    private final Map<String, Integer> links = new HashMap<>();
    private final Set<String> anchors = new HashSet<>();

    /**
     * A code block.
     *
     * @param info the words behind the fence, such as {@code bash run}
     */
    public record Fence(Path file, int line, String info, String text) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    private DocFile(Path path, List<String> lines) {
        this.path = path;
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().startsWith("```")) {
                i = fence(lines, i);
                continue;
            }
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
            Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", "code"));
            while (link.find()) {
                links.put(link.group(1), i + 1);
            }
        }
    }

    private int fence(List<String> lines, int open) {
        int indent = lines.get(open).indexOf("```");
        StringBuilder text = new StringBuilder();
        int i = open + 1;
        while (!lines.get(i).strip().equals("```")) {
            String line = lines.get(i);
            text.append(line.substring(Math.min(indent, line.length()))).append('\n');
            i++;
        }
        fences.add(
                new Fence(path, open + 1, lines.get(open).strip().substring(3).strip(), text.toString()));
        return i;
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        String words = heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
        return words.replaceAll("[^\\p{L}\\p{N} _-]", "").strip().replace(' ', '-');
    }

    public static DocFile read(Path path) {
        try {
            return new DocFile(path, Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All pages that are part of the documentation. */
    public static List<DocFile> all() {
        List<DocFile> all = new ArrayList<>();
        for (String top : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
            all.add(read(Path.of(top)));
        }
        for (String folder : List.of("docs", "bench", "deploy")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains("node_modules"))
                        .sorted()
                        .forEach(file -> all.add(read(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    public Path path() {
        return path;
    }

    public List<Fence> fences() {
        return fences;
    }

    /** Addresses with the line of one link to each. */
    public Map<String, Integer> links() {
        return links;
    }

    public Set<String> anchors() {
        return anchors;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
