package dev.mehari.provider.bedrock;

import dev.mehari.provider.anthropic.ClaudeModels;
import dev.mehari.provider.bedrock.BedrockModel.Ability;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What each model on Bedrock takes, by its id. Immutable. */
final class BedrockModels {
    private static final String SHIPPED = "/bedrock/models.csv";
    private static final String ANY = "*";

    private final ClaudeModels claude;
    private final List<Entry> others;

    private record Entry(String match, BedrockModel model) {}

    /** @param claude what Claude can do, wherever it is served */
    BedrockModels(ClaudeModels claude) {
        this.claude = claude;
        try (InputStream file = BedrockModels.class.getResourceAsStream(SHIPPED)) {
            if (file == null) {
                throw new IllegalStateException("the jar has no " + SHIPPED);
            }
            others = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(BedrockModels::entry)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(String line) {
        String[] cells = line.split(",", 2);
        Set<Ability> abilities = Arrays.stream(cells[1].split(" "))
                .filter(word -> !word.isBlank())
                .map(word -> Ability.valueOf(word.strip().replace('-', '_').toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Ability.class)));
        return new Entry(cells[0].strip(), new BedrockModel(abilities, null));
    }

    /** @param id a model's, an inference profile's, or the ARN of either */
    BedrockModel find(String id) {
        if (id.contains("claude")) {
            return BedrockModel.of(claude.find(id));
        }
        for (Entry entry : others) {
            if (id.contains(entry.match()) || entry.match().equals(ANY)) {
                return entry.model();
            }
        }
        throw new IllegalStateException(SHIPPED + " has no entry for any other model");
    }
}
