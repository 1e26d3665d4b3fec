package dev.mehari.provider.anthropic;

import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What each Claude model can do, wherever it is served. Immutable. */
public final class ClaudeModels {
    private static final String SHIPPED = "/anthropic/models.csv";
    private static final String ANY = "*";

    private final List<Model> models;

    private ClaudeModels(List<Model> models) {
        this.models = models;
    }

    /**
     * Those of the jar.
     *
     * @param own looked at before them
     */
    public static ClaudeModels shipped(List<Model> own) {
        List<Model> models = new ArrayList<>(own);
        try (InputStream file = ClaudeModels.class.getResourceAsStream(SHIPPED)) {
            if (file == null) {
                throw new IllegalStateException("the jar has no " + SHIPPED);
            }
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(ClaudeModels::model)
                    .forEach(models::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ClaudeModels(List.copyOf(models));
    }

    private static Model model(String line) {
        List<String> cells =
                Arrays.stream(line.split(",", 3)).map(String::strip).toList();
        Set<Capability> can = Arrays.stream(cells.get(2).split(" ", -1))
                .map(word -> Capability.valueOf(word.replace('-', '_').toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
        return new Model(cells.get(0), Integer.parseInt(cells.get(1)), can);
    }

    /** The first entry that fits a model's name, also one with a cloud's prefix or suffix. There is one for any name. */
    public Model find(String name) {
        for (Model model : models) {
            if (name.contains(model.match()) || model.match().equals(ANY)) {
                return model;
            }
        }
        throw new IllegalStateException(SHIPPED + " has no entry for any other model");
    }
}
