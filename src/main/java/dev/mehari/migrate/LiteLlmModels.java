package dev.mehari.migrate;

import dev.mehari.price.PriceBook;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads LiteLLM's {@code model_list}. For one thread. */
final class LiteLlmModels {
    private static final Set<String> SERVED = Set.of("chat", "completion", "embedding", "responses");
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private final Draft draft;
    private final Accounts accounts;
    private final Map<String, Setting> credentials = new LinkedHashMap<>();
    private final PriceBook prices;

    private final List<LiteLlmDeployment> deployments = new ArrayList<>();
    private @Nullable Account catchAll;

    LiteLlmModels(Draft draft, Accounts accounts, PriceBook prices) {
        this.draft = draft;
        this.accounts = accounts;
        this.prices = prices;
    }

    void read(Setting file) {
        Setting known = file.get("credential_list");
        if (known != null) {
            known.items().forEach(this::credential);
        }
        Setting list = file.get("model_list");
        if (list != null) {
            list.items().forEach(this::model);
        }
    }

    List<LiteLlmDeployment> deployments() {
        return deployments;
    }

    /** Who serves what no group names; null: nobody. */
    @Nullable
    Account catchAll() {
        return catchAll;
    }

    private void credential(Setting credential) {
        String name = credential.text("credential_name");
        Setting values = credential.get("credential_values");
        if (name != null && values != null) {
            credentials.put(name, values);
            Setting info = credential.get("credential_info");
            if (info != null) {
                // A description for LiteLLM's own page.
                info.take();
            }
        }
    }

    private void model(Setting entry) {
        String group = entry.text("model_name");
        Setting params = entry.get("litellm_params");
        String name = params == null ? null : params.text("model");
        if (group == null || params == null || name == null) {
            draft.lost(entry, "has no model_name, or no litellm_params.model");
            return;
        }
        Setting info = entry.get("model_info");
        String mode = info == null ? null : info.text("mode");
        if (mode != null && !SERVED.contains(mode)) {
            draft.lost(entry, "is for " + mode + "; chat, responses and embeddings are served here");
            return;
        }
        LiteLlmName asked = LiteLlmName.of(name, params.text("custom_llm_provider"));
        Vendor vendor = asked.vendor();
        if (vendor == null || asked.model().isEmpty()) {
            draft.lost(entry, asked.problem());
            return;
        }
        Setting from = credentials.getOrDefault(String.valueOf(params.text("litellm_credential_name")), params);
        Account account = LiteLlmAccount.read(draft, vendor, from, asked.region());
        if (account != null && asked.agent() != null) {
            account = withAgent(account, asked.agent());
        }
        if (account == null) {
            return;
        }
        accounts.add(account);
        if (group.contains("*")) {
            wildcard(entry, group, asked.model(), account);
        } else {
            deployments.add(deployment(entry, group, account, asked.model(), params, info));
        }
    }

    private static Account withAgent(Account account, String[] agent) {
        Map<String, Object> settings = new LinkedHashMap<>(account.settings());
        settings.put("aws.agent-id", agent[0]);
        settings.put("aws.agent-alias-id", agent[1]);
        return new Account(account.vendor(), settings, agent[0]);
    }

    private void wildcard(Setting entry, String group, String model, Account account) {
        entry.take();
        if (group.equals("*") && model.equals("*")) {
            catchAll = account;
        } else if (!group.endsWith("/*") || !model.equals("*")) {
            draft.lost(
                    entry,
                    "the pattern " + group + " is a rule on the model's name: write it into"
                            + " routes/router.camel.yaml");
        } else if (!group.equals(account.vendor().provider() + "/*")) {
            draft.differs(
                    entry,
                    "clients ask for " + account.vendor().provider() + "/MODEL here, not for "
                            + group.replace("*", "MODEL"));
        }
    }

    private LiteLlmDeployment deployment(
            Setting entry, String group, Account account, String model, Setting params, @Nullable Setting info) {
        Map<String, Object> limits = new LinkedHashMap<>();
        put(limits, "rpm", either(draft.count(params, "rpm"), draft.count(entry, "rpm")));
        put(limits, "tpm", either(draft.count(params, "tpm"), draft.count(entry, "tpm")));
        put(limits, "max-concurrent", draft.count(params, "max_parallel_requests"));
        Map<String, Object> others = new LinkedHashMap<>();
        if (info != null) {
            put(others, "context-length", draft.count(info, "max_input_tokens"));
            put(others, "vision", info.flag("supports_vision"));
            put(others, "tools", info.flag("supports_function_calling"));
        }
        Map<String, Object> timeouts = new LinkedHashMap<>();
        put(timeouts, "first-token", draft.seconds(params, "stream_timeout"));
        put(timeouts, "total", draft.seconds(params, "timeout"));
        put(others, "timeouts", timeouts.isEmpty() ? null : timeouts);
        put(others, "price", price(account, params, info));
        return new LiteLlmDeployment(
                group,
                entry,
                account,
                model,
                info == null ? null : info.text("id"),
                draft.number(params, "weight"),
                draft.count(params, "order"),
                limits,
                others);
    }

    private static @Nullable Long either(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : one;
    }

    private @Nullable Map<String, Object> price(Account account, Setting params, @Nullable Setting info) {
        Map<String, Object> price = new LinkedHashMap<>();
        put(price, "input", cost(params, info, "input_cost_per_token"));
        put(price, "output", cost(params, info, "output_cost_per_token"));
        put(price, "cached", cost(params, info, "cache_read_input_token_cost"));
        put(price, "cache-write", cost(params, info, "cache_creation_input_token_cost"));
        put(price, "cache-write1h", cost(params, info, "cache_creation_input_token_cost_above_1hr"));
        put(price, "reasoning", cost(params, info, "output_cost_per_reasoning_token"));
        put(price, "audio-input", cost(params, info, "input_cost_per_audio_token"));
        put(price, "audio-output", cost(params, info, "output_cost_per_audio_token"));
        put(price, "image-input", cost(params, info, "input_cost_per_image_token"));
        put(price, "image-output", cost(params, info, "output_cost_per_image_token"));
        put(price, "web-search", searchCost(params, info));
        String base = info == null ? null : info.text("base_model");
        if (!price.isEmpty()) {
            return price;
        }
        if (base == null || info == null) {
            return null;
        }
        String as = base.substring(base.indexOf('/') + 1);
        boolean known = account.vendor().provider().equals("azure") && prices.find("azure", as) != null;
        if (!known) {
            Setting setting = info.get("base_model");
            draft.lost(setting == null ? info : setting, "has no shipped price; give the deployment a price");
            return null;
        }
        return Map.of("as", as);
    }

    /** For a million tokens; a thing that costs nothing here costs nothing there. */
    private @Nullable BigDecimal cost(Setting params, @Nullable Setting info, String key) {
        BigDecimal one = draft.number(params, key);
        BigDecimal cost = one == null && info != null ? draft.number(info, key) : one;
        return cost == null ? null : plain(cost.multiply(MILLION));
    }

    /** For a thousand; of those of three sizes the dearest, as nothing here tells how much a search has read. */
    private @Nullable BigDecimal searchCost(Setting params, @Nullable Setting info) {
        Setting own = params.get("search_context_cost_per_query");
        Setting costs = own == null && info != null ? info.get("search_context_cost_per_query") : own;
        if (costs == null) {
            return null;
        }
        BigDecimal dearest = null;
        for (String size : List.of("low", "medium", "high")) {
            BigDecimal cost = draft.number(costs, "search_context_size_" + size);
            dearest = dearest == null || (cost != null && cost.compareTo(dearest) > 0) ? cost : dearest;
        }
        return dearest == null ? null : plain(dearest.multiply(THOUSAND));
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }

    private static void put(Map<String, Object> into, String name, @Nullable Object value) {
        if (value != null) {
            into.put(name, value);
        }
    }
}
