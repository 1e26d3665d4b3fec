package dev.mehari.admin;

import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.CacheKey;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code forgetAnswers}: forgets kept answers. Query parameters choose which: {@code model}, by its name with or
 * without the provider; {@code key}, as {@code x-cache-key} tells it; none: all.
 */
@Component
final class ForgetAnswers implements Processor {
    private static final Set<String> KNOWN = Set.of("model", "key");

    private final AnswerCache cache;
    private final ModelGroups groups;

    ForgetAnswers(AnswerCache cache, ModelGroups groups) {
        this.groups = groups;
        this.cache = cache;
    }

    @Override
    public void process(Exchange exchange) {
        Map<?, ?> query = exchange.getProperty("query", Map.of(), Map.class);
        for (Object name : query.keySet()) {
            if (!KNOWN.contains(name)) {
                // Forgetting all because of a slip of the pen would be worse.
                throw new InvalidRequest(
                        "unknown_parameter", name.toString(), "the cache is cleared by model or by key");
            }
        }
        long forgotten = cache.forget(chosen(query));
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setHeader("cache-control", "no-store");
        exchange.getMessage().setBody(Json.bytes(Json.MAPPER.createObjectNode().put("forgotten", forgotten)));
    }

    private Predicate<CacheKey> chosen(Map<?, ?> query) {
        Predicate<CacheKey> all = key -> true;
        Predicate<CacheKey> model = query.get("model") instanceof String name ? ofModel(name) : all;
        Predicate<CacheKey> one =
                query.get("key") instanceof String hash ? key -> key.hash().equals(hash) : all;
        return model.and(one);
    }

    private Predicate<CacheKey> ofModel(String name) {
        ModelGroup group = groups.find(name);
        String resolved = group == null ? name : group.name();
        return key -> key.isOf(resolved);
    }
}
