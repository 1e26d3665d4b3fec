package dev.mehari.edge;

import dev.mehari.transport.ClientRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The list of models in Anthropic's shape, for clients that say which version of its API they speak. Always one page.
 * Source: Anthropic API reference, Models, read 2026-11-21.
 */
final class AnthropicModels {
    private AnthropicModels() {}

    static boolean areWanted(ClientRequest request) {
        return request.header("anthropic-version") != null;
    }

    /** @param entries in OpenAI's shape */
    static Map<String, Object> list(Collection<Map<String, Object>> entries) {
        List<Map<String, Object>> data = new ArrayList<>(entries.size());
        entries.forEach(entry -> data.add(one(entry)));
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("data", data);
        list.put("has_more", false);
        list.put("first_id", data.isEmpty() ? null : data.getFirst().get("id"));
        list.put("last_id", data.isEmpty() ? null : data.getLast().get("id"));
        return list;
    }

    static Map<String, Object> one(Map<String, Object> entry) {
        long created = entry.get("created") instanceof Number seconds ? seconds.longValue() : 0;
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "model");
        model.put("id", entry.get("id"));
        model.put("display_name", entry.getOrDefault("display_name", entry.get("id")));
        model.put("created_at", Instant.ofEpochSecond(created).toString());
        model.put("lifecycle", "active");
        return model;
    }
}
