package dev.mehari.provider.gemini;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a model can do, by its name: {@code gemini/models.csv} says it. Immutable.
 *
 * @param pattern of names, {@code *} for any text
 * @param generation for example 2.5
 * @param thinking how it is steered
 * @param least tokens to think with, or a level
 * @param most tokens to think with, or a level
 */
record GeminiModel(String pattern, double generation, Thinking thinking, String least, String most) {
    private static final List<GeminiModel> ALL = read();

    /** How one says how much a model thinks. */
    enum Thinking {
        NONE,
        BUDGET,
        LEVEL
    }

    /** The first that fits; the last fits all. */
    static GeminiModel of(String name) {
        for (GeminiModel model : ALL) {
            if (fits(model.pattern, 0, name, 0)) {
                return model;
            }
        }
        throw new IllegalStateException("gemini/models.csv has no row for all others");
    }

    boolean since(double first) {
        return generation >= first;
    }

    /** Open models take no system instruction. */
    boolean isGemma() {
        return pattern.startsWith("gemma");
    }

    private static boolean fits(String pattern, int p, String name, int n) {
        int star = pattern.indexOf('*', p);
        if (star < 0) {
            return name.length() - n == pattern.length() - p && name.startsWith(pattern.substring(p), n);
        }
        if (!name.startsWith(pattern.substring(p, star), n)) {
            return false;
        }
        for (int rest = n + star - p; rest <= name.length(); rest++) {
            if (fits(pattern, star + 1, name, rest)) {
                return true;
            }
        }
        return false;
    }

    private static List<GeminiModel> read() {
        try (InputStream file = GeminiModel.class.getResourceAsStream("/gemini/models.csv")) {
            if (file == null) {
                throw new IllegalStateException("gemini/models.csv is missing");
            }
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> row(line.split(",")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GeminiModel row(String[] columns) {
        Thinking thinking = Thinking.valueOf(columns[2].strip().toUpperCase(java.util.Locale.ROOT));
        return new GeminiModel(
                columns[0].strip(),
                Double.parseDouble(columns[1].strip()),
                thinking,
                thinking == Thinking.NONE ? "" : columns[3].strip(),
                thinking == Thinking.NONE ? "" : columns[4].strip());
    }
}
