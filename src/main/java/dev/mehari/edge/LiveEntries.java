package dev.mehari.edge;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries of a provider's own list of models in OpenAI's shape, with what else it tells of each. */
final class LiveEntries {
    private LiveEntries() {}

    /** @param list {@code {"data":[…]}} of OpenAI and Anthropic, {@code {"models":[…]}} of Google */
    static List<Map<String, Object>> of(Map<?, ?> list, String provider) {
        List<Map<String, Object>> entries = new ArrayList<>();
        Object models = list.containsKey("data") ? list.get("data") : list.get("models");
        for (Object model : models instanceof List<?> several ? several : List.of()) {
            if (model instanceof Map<?, ?> told) {
                entries.add(entry(told, provider));
            }
        }
        return entries;
    }

    private static Map<String, Object> entry(Map<?, ?> told, String provider) {
        Map<String, Object> entry = new LinkedHashMap<>();
        told.forEach((name, value) -> entry.put(String.valueOf(name), value));
        if (!entry.containsKey("id") && entry.get("name") instanceof String name) {
            entry.put("id", name.startsWith("models/") ? name.substring("models/".length()) : name);
            entry.put("owned_by", provider);
        }
        if (entry.get("created_at") instanceof String at) {
            entry.putIfAbsent("created", seconds(at));
            entry.putIfAbsent("owned_by", provider);
        }
        return entry;
    }

    private static long seconds(String at) {
        try {
            return Instant.parse(at).getEpochSecond();
        } catch (DateTimeParseException unreadable) {
            return 0;
        }
    }
}
