package dev.mehari.price;

import dev.mehari.price.PriceBook.Entry;
import dev.mehari.price.PriceBook.Sheet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads {@code prices.yaml}, whose head describes it. */
public final class PriceFile {
    private PriceFile() {}

    /** The book that is shipped. */
    public static PriceBook shipped() {
        try (InputStream in = PriceFile.class.getResourceAsStream("/prices.yaml")) {
            if (in == null) {
                throw new IllegalStateException("prices.yaml is missing");
            }
            return read(new Yaml(new SafeConstructor(new LoaderOptions())).load(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static PriceBook read(Map<String, Object> file) {
        Map<String, Sheet> sheets = new HashMap<>();
        map(file.get("lists")).forEach((name, lines) -> sheets.put(name, sheet(list(lines))));
        return new PriceBook(String.valueOf(file.get("date")), String.valueOf(file.get("source")), sheets);
    }

    private static Sheet sheet(List<?> lines) {
        List<Entry> entries = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Object line : lines) {
            Map<String, Object> fields = map(line);
            if (fields.containsKey("else")) {
                list(fields.get("else")).forEach(other -> others.add(String.valueOf(other)));
            } else {
                entries.add(entry(fields));
            }
        }
        return Sheet.of(entries, others);
    }

    private static Entry entry(Map<String, Object> fields) {
        List<String> names =
                list(fields.get("models")).stream().map(String::valueOf).toList();
        List<Price.Tier> tiers = new ArrayList<>();
        for (Object tier : list(fields.getOrDefault("tiers", List.of()))) {
            Map<String, Object> rates = map(tier);
            tiers.add(new Price.Tier(Long.parseLong(String.valueOf(rates.get("above"))), rates(rates)));
        }
        return new Entry(names, new Price(rates(fields), tiers));
    }

    private static Rates rates(Map<String, Object> fields) {
        Map<Rate, BigDecimal> dollars = new EnumMap<>(Rate.class);
        for (Rate rate : Rate.values()) {
            Object value = fields.get(rate.wire());
            if (value != null) {
                // The text of a double is its shortest, which is what stands in the file.
                dollars.put(rate, new BigDecimal(value.toString()));
            }
        }
        return Rates.of(dollars);
    }

    @SuppressWarnings("unchecked") // YAML's keys are texts in this file; a test reads all of it.
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static List<?> list(@Nullable Object value) {
        return value == null ? List.of() : (List<?>) value;
    }
}
