package dev.mehari.price;

import dev.mehari.access.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists of prices, by the name of a list and a model. A list may name others that are asked after it. An exact name wins,
 * else the longest pattern that fits. Immutable.
 *
 * @param date of the prices, {@code 2026-11-21}
 * @param source where they are from
 */
public record PriceBook(String date, String source, Map<String, Sheet> sheets) {
    public PriceBook {
        sheets = Map.copyOf(sheets);
    }

    /** One list. */
    public record Sheet(Map<String, Price> exact, List<Pattern> patterns, List<String> others) {

        /** @param entries later ones win over earlier ones of the same name */
        public static Sheet of(List<Entry> entries, List<String> others) {
            Map<String, Price> exact = new HashMap<>();
            List<Pattern> patterns = new ArrayList<>();
            for (Entry entry : entries) {
                for (String name : entry.names()) {
                    if (name.indexOf('*') < 0) {
                        exact.put(name, entry.price());
                    } else {
                        patterns.addFirst(new Pattern(new Names(List.of(name)), name.length(), entry.price()));
                    }
                }
            }
            patterns.sort(Comparator.comparingInt(Pattern::length).reversed());
            return new Sheet(Map.copyOf(exact), List.copyOf(patterns), List.copyOf(others));
        }

        private @Nullable Price find(String model) {
            Price known = exact.get(model);
            if (known != null) {
                return known;
            }
            for (Pattern pattern : patterns) {
                if (pattern.names().allow(model)) {
                    return pattern.price();
                }
            }
            return null;
        }
    }

    /** A price of several models, whose names may be patterns. */
    public record Entry(List<String> names, Price price) {}

    record Pattern(Names names, int length, Price price) {}

    /** The price of a model on a list, or on those that the list refers to; null: not known. */
    public @Nullable Price find(String sheet, String model) {
        Sheet named = sheets.get(sheet);
        if (named == null) {
            return null;
        }
        Price price = named.find(model);
        for (int i = 0; price == null && i < named.others().size(); i++) {
            Sheet other = sheets.get(named.others().get(i));
            price = other == null ? null : other.find(model);
        }
        return price;
    }

    public boolean has(String sheet) {
        return sheets.containsKey(sheet);
    }
}
