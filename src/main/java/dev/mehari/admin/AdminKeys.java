package dev.mehari.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.access.Budget;
import dev.mehari.access.Caller;
import dev.mehari.access.Purse;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.Json;
import dev.mehari.config.MehariSettings;
import dev.mehari.keys.IssuedKey;
import dev.mehari.keys.KeyCache;
import dev.mehari.keys.KeyFields;
import dev.mehari.keys.KeyFields.BadFields;
import dev.mehari.keys.KeyStore;
import dev.mehari.keys.KeyStore.Fresh;
import dev.mehari.price.Dollars;
import dev.mehari.spend.UsageBook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Steps over the keys that operators hand out: {@code createKey}, {@code listKeys}, {@code showKey}, {@code changeKey},
 * {@code rotateKey} and {@code revokeKey}. A key's text is answered once, when it is made.
 */
@Configuration(proxyBeanMethods = false)
class AdminKeys {
    private static final Duration LONGEST_GRACE = Duration.ofDays(90);

    private final KeyStore store;
    private final KeyCache cache;
    private final UsageBook usage;
    private final InstantSource clock;
    private final Duration grace;

    AdminKeys(KeyStore store, KeyCache cache, UsageBook usage, InstantSource clock, MehariSettings settings) {
        this.store = store;
        this.cache = cache;
        this.usage = usage;
        this.clock = clock;
        this.grace = settings.keys().rotationGrace();
    }

    @Bean
    Processor createKey() {
        return exchange -> {
            try {
                answer(exchange, 201, store.create(KeyFields.read(AdminJson.body(exchange))));
            } catch (BadFields bad) {
                throw AdminJson.refusal(bad);
            }
        };
    }

    @Bean
    Processor listKeys() {
        return exchange -> {
            Map<String, String> query = AdminJson.query(exchange, Set.of("team"));
            ArrayNode keys = Json.MAPPER.createArrayNode();
            store.list(query.get("team")).forEach(key -> keys.add(shown(key)));
            AdminJson.answer(exchange, 200, AdminJson.list(keys));
        };
    }

    @Bean
    Processor showKey() {
        return exchange -> {
            IssuedKey key = require(exchange);
            ObjectNode shown = shown(key);
            shown.put("spent", Dollars.orNull(spent(key)));
            AdminJson.answer(exchange, 200, shown);
        };
    }

    private @Nullable Long spent(IssuedKey key) {
        Budget budget = key.rules().budget();
        if (budget == null) {
            return null;
        }
        Caller caller = key.rules().caller(key.id());
        return usage.spent(Purse.ofKey(caller, budget, clock.instant()));
    }

    @Bean
    Processor changeKey() {
        return exchange -> {
            IssuedKey before = require(exchange);
            try {
                IssuedKey after = store.change(before.id(), KeyFields.change(before.rules(), AdminJson.body(exchange)));
                cache.forget(before.id());
                AdminJson.answer(exchange, 200, shown(after == null ? before : after));
            } catch (BadFields bad) {
                throw AdminJson.refusal(bad);
            }
        };
    }

    @Bean
    Processor rotateKey() {
        return exchange -> {
            IssuedKey before = require(exchange);
            Fresh fresh = store.rotate(before.id(), grace(AdminJson.body(exchange)));
            if (fresh == null) {
                throw new HttpFault(409, "key_revoked", "Key " + before.id() + " was taken back, or rotated just now.");
            }
            cache.forget(before.id());
            answer(exchange, 200, fresh);
        };
    }

    private Duration grace(JsonNode body) {
        if (!body.isObject()
                || body.properties().stream().anyMatch(field -> !field.getKey().equals("grace"))) {
            throw AdminJson.refusal(Map.of("body", "may hold grace, as {\"grace\":\"24h\"}, and nothing else"));
        }
        JsonNode asked = body.get("grace");
        if (asked == null || asked.isNull()) {
            return grace;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(asked.asText());
            if (!duration.isNegative() && duration.compareTo(LONGEST_GRACE) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException unreadable) {
            throw AdminJson.refusal(Map.of("grace", "must be a span such as 0s, 30m, 24h or 7d"));
        }
        throw AdminJson.refusal(Map.of("grace", "must be from 0s to " + LONGEST_GRACE.toDays() + "d"));
    }

    @Bean
    Processor revokeKey() {
        return exchange -> {
            IssuedKey before = require(exchange);
            IssuedKey after = store.revoke(before.id());
            cache.forget(before.id());
            AdminJson.answer(exchange, 200, shown(after == null ? before : after));
        };
    }

    private IssuedKey require(Exchange exchange) {
        IssuedKey key = store.find(AdminJson.inPath(exchange, "id"));
        if (key == null) {
            throw new HttpFault(404, "key_not_found", "There is no such key.");
        }
        return key;
    }

    private void answer(Exchange exchange, int status, Fresh fresh) {
        ObjectNode shown = shown(fresh.key());
        shown.put("key", fresh.text().token());
        AdminJson.answer(exchange, status, shown);
    }

    private ObjectNode shown(IssuedKey key) {
        ObjectNode shown = Json.MAPPER.createObjectNode();
        shown.put("id", key.id());
        shown.put("object", "key");
        shown.put("active", key.isActive(clock.instant()));
        shown.put("created_at", key.created().toString());
        shown.put("revoked_at", written(key.revoked()));
        shown.put("previous_secret_until", written(key.previousUntil()));
        shown.setAll(KeyFields.write(key.rules()));
        return shown;
    }

    private static @Nullable String written(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
