package dev.mehari.migrate;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** {@code router_settings}, and those of {@code litellm_settings} that mean the same and yield to them. For one thread. */
final class LiteLlmRouting {
    private static final BigDecimal TEN_MINUTES = BigDecimal.valueOf(600);

    private final Draft draft;
    private final Setting router;
    private final Setting general;

    LiteLlmRouting(Draft draft, Setting router, Setting general) {
        this.draft = draft;
        this.router = router;
        this.general = general;
    }

    void groups(LiteLlmGroups groups) {
        Setting aliases = router.get("model_group_alias");
        if (aliases != null) {
            aliases.entries().forEach((name, alias) -> groups.alias(alias, name));
        }
        for (Setting settings : new Setting[] {router, general}) {
            Setting fallbacks = settings.get("fallbacks");
            if (fallbacks != null) {
                groups.fallbacks(fallbacks);
            }
            Setting defaults = settings.get("default_fallbacks");
            if (defaults != null) {
                groups.defaults(defaults);
            }
            Setting longer = settings.get("context_window_fallbacks");
            if (longer != null) {
                groups.forLongPrompts(longer);
            }
        }
    }

    void rules(LiteLlmGroups groups) {
        strategy();
        BigDecimal retries = either("num_retries");
        if (retries != null) {
            draft.set("mehari.routing.retries", Math.max(0, retries.intValue()));
        }
        // Each priority may be asked once, and all retries be used.
        int attempts = groups.steps() + (retries == null ? 0 : Math.max(0, retries.intValue()));
        if (attempts > 3) {
            draft.set("mehari.routing.max-attempts", attempts);
        }
        cooldown();
    }

    private void strategy() {
        Setting setting = router.get("routing_strategy");
        String strategy = setting == null ? null : setting.text();
        if (setting == null || strategy == null) {
            return;
        }
        switch (strategy) {
            case "simple-shuffle" -> draft.set("mehari.routing.strategy", "weighted");
            case "least-busy" -> draft.set("mehari.routing.strategy", "least-busy");
            case "latency-based-routing" -> draft.set("mehari.routing.strategy", "least-latency");
            case "usage-based-routing", "usage-based-routing-v2" -> {
                draft.set("mehari.routing.strategy", "weighted");
                draft.differs(
                        setting, "deployments with a full rpm or tpm are passed by; the others are asked by weight");
            }
            default ->
                draft.lost(setting, "\"" + strategy + "\" is not known here; weighted, least-busy, least-latency are");
        }
    }

    private void cooldown() {
        BigDecimal allowed = either("allowed_fails");
        if (allowed != null) {
            draft.set("mehari.routing.cooldown.failures", Math.max(0, allowed.intValue()) + 1);
        }
        BigDecimal seconds = either("cooldown_time");
        if (seconds != null && seconds.signum() > 0) {
            draft.set("mehari.routing.cooldown.first", Draft.time(seconds));
            if (seconds.compareTo(TEN_MINUTES) > 0) {
                draft.set("mehari.routing.cooldown.longest", Draft.time(seconds));
            }
        }
        boolean none = Boolean.TRUE.equals(router.flag("disable_cooldowns"));
        if (none || (seconds != null && seconds.signum() <= 0)) {
            draft.set("mehari.routing.cooldown.longest", "0s");
        }
    }

    /** For every provider that is used. */
    void timeouts(Accounts accounts) {
        BigDecimal ofLibrary = draft.number(general, "request_timeout");
        BigDecimal ofRouter = draft.number(router, "timeout");
        BigDecimal total = ofRouter == null ? ofLibrary : ofRouter;
        BigDecimal first = draft.number(router, "stream_timeout");
        for (String provider : accounts.names()) {
            set("mehari.providers." + provider + ".timeouts.first-token", first);
            set("mehari.providers." + provider + ".timeouts.total", total);
        }
        if (total != null && total.compareTo(TEN_MINUTES) > 0) {
            set("mehari.routing.deadline", total);
        }
    }

    private void set(String name, @Nullable BigDecimal seconds) {
        if (seconds != null && seconds.signum() > 0) {
            draft.set(name, Draft.time(seconds));
        }
    }

    /** Of the router; else of the library. Both are taken. */
    private @Nullable BigDecimal either(String key) {
        BigDecimal ofLibrary = draft.number(general, key);
        BigDecimal ofRouter = draft.number(router, key);
        return ofRouter == null ? ofLibrary : ofRouter;
    }
}
