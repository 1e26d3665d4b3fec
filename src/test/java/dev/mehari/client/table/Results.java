package dev.mehari.client.table;

import dev.mehari.testing.family.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What worked, as a table that people read: {@code target/clients-java.md}. */
final class Results {
    private final Map<String, Map<Capability, String>> rows = new TreeMap<>();

    /** What a test does; it fails by throwing. */
    interface Check {
        void run() throws Exception;
    }

    /** Runs a check and notes what came of it. */
    void note(String client, Family family, Capability capability, Check check) throws Exception {
        Map<Capability, String> row = rows.computeIfAbsent(client + " | " + family.provider(), each -> new TreeMap<>());
        row.put(capability, "✗");
        check.run();
        row.put(capability, "✓");
    }

    void write(Path file) throws IOException {
        String titles = Stream.of(Capability.values()).map(Capability::title).collect(Collectors.joining(" | "));
        StringBuilder table = new StringBuilder("| Client | Family | " + titles + " |\n|---|---|")
                .append(":-:|".repeat(Capability.values().length))
                .append('\n');
        rows.forEach((name, row) -> {
            table.append("| ").append(name);
            for (Capability capability : Capability.values()) {
                table.append(" | ").append(row.getOrDefault(capability, ""));
            }
            table.append(" |\n");
        });
        Files.createDirectories(file.getParent());
        Files.writeString(file, table);
    }
}
