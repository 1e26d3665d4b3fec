package dev.mehari.edge;

import dev.mehari.access.Caller;
import dev.mehari.access.Names;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.ModelGroups;
import dev.mehari.transport.ClientRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What {@code GET /v1/models} lists: groups, the models of available providers and, merged in by the route when asked
 * for, what providers list themselves. The route marshals the maps as JSON.
 */
@Component("modelList")
public final class ModelList {
    /** When our own entries were made: not known, and required by clients as a number. */
    private static final long CREATED = 0;

    private final Providers providers;
    private final ModelGroups groups;

    ModelList(Providers providers, ModelGroups groups) {
        this.providers = providers;
        this.groups = groups;
    }

    /** The entries known from the settings, by id. */
    public Map<String, Map<String, Object>> configured() {
        Map<String, Map<String, Object>> models = new LinkedHashMap<>();
        groups.names().forEach(name -> models.put(name, entry(name, "mehari")));
        for (Provider provider : providers.all()) {
            if (provider.isAvailable()) {
                provider.models().forEach(name -> models.putIfAbsent(name, entry(name, provider.name())));
            }
        }
        return models;
    }

    private static Map<String, Object> entry(String id, String owner) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        entry.put("object", "model");
        entry.put("created", CREATED);
        entry.put("owned_by", owner);
        return entry;
    }

    /** The whole list as OpenAI has it, or as Anthropic has it for its clients; {@code live} holds entries of upstream lists, or null. */
    @Handler
    public Map<String, Object> list(Exchange exchange) {
        Map<String, Map<String, Object>> models = configured();
        List<?> live = exchange.getProperty("liveModels", List.class);
        if (live != null) {
            live.forEach(entry -> merge(models, entry));
        }
        models.values().removeIf(entry -> !mayAsk(exchange, entry));
        ClientRequest request = ClientRequest.of(exchange);
        return AnthropicModels.areWanted(request) ? AnthropicModels.list(models.values()) : listOf(models.values());
    }

    /** Whether the caller may ask for it, as far as its name tells. */
    private static boolean mayAsk(Exchange exchange, Map<String, Object> entry) {
        Caller caller = exchange.getProperty("caller", Caller.ANYONE, Caller.class);
        Names models = caller.policy().models();
        String id = String.valueOf(entry.get("id"));
        return models.areAll() || models.allow(id) || models.allow(entry.get("owned_by") + "/" + id);
    }

    private static void merge(Map<String, Map<String, Object>> models, Object entry) {
        if (entry instanceof Map<?, ?> fields && fields.get("id") instanceof String id) {
            Map<String, Object> copy = new LinkedHashMap<>();
            fields.forEach((name, value) -> copy.put(String.valueOf(name), value));
            copy.putIfAbsent("object", "model");
            copy.putIfAbsent("created", CREATED);
            copy.putIfAbsent("owned_by", "upstream");
            models.putIfAbsent(id, copy);
        }
    }

    private static Map<String, Object> listOf(Collection<Map<String, Object>> entries) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("object", "list");
        list.put("data", new ArrayList<>(entries));
        return list;
    }

    /**
     * The entry of the model that the path names; ids may hold slashes, raw or encoded.
     *
     * @throws ModelNotFound it is not among the configured ones
     */
    public Map<String, Object> one(Exchange exchange) {
        ClientRequest request = ClientRequest.of(exchange);
        String path = request.path();
        String raw = path.substring(path.indexOf("/models/") + "/models/".length());
        String id = decoded(raw);
        Map<String, Object> entry = entry(id, exchange);
        if (entry == null) {
            throw new ModelNotFound("model \"" + Printable.of(id) + "\" is not configured");
        }
        return AnthropicModels.areWanted(request) ? AnthropicModels.one(entry) : entry;
    }

    /** The entry of that id, which may name the provider before the model, as calls may; null when there is none for this caller. */
    private @Nullable Map<String, Object> entry(String id, Exchange exchange) {
        Map<String, Object> listed = configured().get(id);
        if (listed != null) {
            return mayAsk(exchange, listed) ? listed : null;
        }
        int slash = id.indexOf('/');
        Provider provider = slash < 0 ? null : providers.find(id.substring(0, slash));
        String model = id.substring(slash + 1);
        if (provider == null || !provider.isAvailable() || !provider.models().contains(model)) {
            return null;
        }
        return mayAsk(exchange, entry(model, provider.name())) ? entry(id, provider.name()) : null;
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return raw;
        }
    }
}
