package dev.mehari.migrate;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code general_settings}, and of {@code litellm_settings} the cache, Redis and where calls are told. For one thread. */
final class LiteLlmServer {
    private final Draft draft;
    private final Setting router;
    private final Setting library;
    private final Setting general;

    LiteLlmServer(Draft draft, Setting router, Setting library, Setting general) {
        this.draft = draft;
        this.router = router;
        this.library = library;
        this.general = general;
    }

    void read() {
        access();
        limits();
        redis();
        cache();
        callbacks();
        log();
        // Left out is what a provider does not take; told in the answer. With false LiteLLM refuses, and so does
        // strict.
        if (Boolean.FALSE.equals(library.flag("drop_params"))) {
            draft.set("mehari.strict-params", true);
        }
        // What these ask for is always so here.
        router.flag("enable_pre_call_checks");
        router.flag("enable_pre_call_check");
        library.flag("modify_params");
    }

    private void access() {
        String key = draft.secret(general, "master_key", "LITELLM_MASTER_KEY");
        draft.set("mehari.access.api-keys", key);
        draft.set("mehari.access.admin-key", key);
        Setting database = general.get("database_url");
        if (database != null) {
            draft.lost(
                    database,
                    "keys and spend in LiteLLM's database stay there: give Mehari a database of its own (DATABASE_URL)"
                            + " and issue keys anew (docs/keys.md)");
        }
    }

    private void limits() {
        draft.set("mehari.limits.concurrent-calls", draft.count(general, "global_max_parallel_requests"));
        draft.set("mehari.limits.body-size", megabytes("max_request_size_mb"));
        draft.set("mehari.limits.answer-size", megabytes("max_response_size_mb"));
    }

    private @Nullable String megabytes(String key) {
        Long size = draft.count(general, key);
        return size == null ? null : size + "MB";
    }

    /** What deployments that say nothing have, calls at once. */
    @Nullable
    Long concurrent() {
        Long ofRouter = draft.count(router, "default_max_parallel_requests");
        Long ofAll = draft.count(general, "max_parallel_requests");
        return ofRouter == null ? ofAll : ofRouter;
    }

    private void redis() {
        Setting params = library.get("cache_params");
        boolean cached = params != null && kind(params).startsWith("redis");
        String url = draft.secret(router, "redis_url", "REDIS_URL");
        url = url == null ? address(router, "redis_") : url;
        if (params != null && cached) {
            String ofCache = draft.secret(params, "url", "REDIS_URL");
            ofCache = ofCache == null ? address(params, "") : ofCache;
            if (url != null && ofCache != null && !ofCache.equals(url)) {
                // Not all of it: what else stands there is told for itself.
                Setting address = params.get("url") == null ? params.get("host") : params.get("url");
                draft.lost(
                        address == null ? params : address,
                        "one Redis serves for all: that of router_settings was taken");
            }
            url = url == null ? ofCache : url;
            String namespace = draft.value(params, "namespace");
            draft.set("mehari.redis.namespace", namespace);
        }
        if (url == null && cached) {
            // Then LiteLLM takes these variables.
            url = "redis://:" + draft.placeholder("REDIS_PASSWORD") + "@" + withDefault("REDIS_HOST", "localhost") + ":"
                    + withDefault("REDIS_PORT", "6379");
        }
        draft.set("mehari.redis.url", url);
    }

    private String withDefault(String variable, String value) {
        return draft.placeholder(variable).replace(":}", ":" + value + "}");
    }

    private @Nullable String address(Setting in, String prefix) {
        String host = draft.value(in, prefix + "host");
        String port = draft.value(in, prefix + "port");
        String password = draft.secret(in, prefix + "password", "REDIS_PASSWORD");
        String user = draft.value(in, prefix + "username");
        String database = draft.value(in, prefix + "db");
        boolean tls = Boolean.TRUE.equals(in.flag(prefix + "ssl"));
        if (host == null) {
            return null;
        }
        String credentials = password == null ? "" : (user == null ? "" : user) + ":" + password + "@";
        return (tls ? "rediss://" : "redis://") + credentials + filled(host, "localhost") + ":"
                + (port == null ? "6379" : filled(port, "6379")) + (database == null ? "" : "/" + database);
    }

    /** An address must be one although its variable is not set yet. */
    private static String filled(String value, String otherwise) {
        return value.endsWith(":}") ? value.replaceAll(":}$", ":" + otherwise + "}") : value;
    }

    private static String kind(Setting params) {
        String type = params.text("type");
        return type == null ? "redis" : type;
    }

    private void cache() {
        Boolean on = library.flag("cache");
        Setting params = library.get("cache_params");
        if (params != null) {
            String kind = kind(params);
            if (!Set.of("redis", "local").contains(kind)) {
                Setting type = params.get("type");
                draft.lost(
                        type == null ? params : type,
                        "answers are kept in memory and in Redis; a cache of type " + kind + " is not known here");
            }
            draft.set("mehari.cache.ttl", draft.seconds(params, "ttl"));
            Setting mode = params.get("mode");
            if (mode != null && "default_off".equals(mode.text())) {
                on = false;
                draft.lost(mode, "requests cannot turn the cache on; list models under mehari.cache.models");
            }
        }
        if (on != null) {
            draft.set("mehari.cache.enabled", on);
            // LiteLLM keeps every answer, whatever the temperature was.
            draft.set("mehari.cache.mode", on ? "all" : null);
        }
    }

    private void callbacks() {
        Set<String> told = new LinkedHashSet<>();
        for (String list : new String[] {"callbacks", "success_callback", "failure_callback", "service_callbacks"}) {
            Setting names = library.get(list);
            if (names != null) {
                names.items().forEach(name -> callback(name, told));
            }
        }
        boolean silent = Boolean.TRUE.equals(library.flag("turn_off_message_logging"));
        Setting first =
                library.get("success_callback") == null ? library.get("callbacks") : library.get("success_callback");
        if (!silent && first != null && (told.contains("langfuse") || told.contains("otel"))) {
            draft.differs(first, "traces hold what was said only with mehari.content.capture: redacted, or full");
        }
    }

    private void callback(Setting callback, Set<String> told) {
        String name = callback.isText() ? callback.text() : null;
        switch (String.valueOf(name).toLowerCase(Locale.ROOT)) {
            case "langfuse", "langfuse_otel" -> {
                told.add("langfuse");
                // Shipped settings read LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY and LANGFUSE_HOST.
                draft.placeholder("LANGFUSE_PUBLIC_KEY");
                draft.placeholder("LANGFUSE_SECRET_KEY");
            }
            case "otel", "opentelemetry" -> {
                told.add("otel");
                draft.set("mehari.tracing.endpoint", "${OTEL_EXPORTER_OTLP_ENDPOINT:${OTEL_ENDPOINT:}}");
                draft.set("mehari.tracing.headers", "${OTEL_EXPORTER_OTLP_HEADERS:${OTEL_HEADERS:}}");
                draft.placeholder("OTEL_EXPORTER_OTLP_ENDPOINT");
            }
            // Always there, at /metrics.
            case "prometheus" -> told.add("prometheus");
            default ->
                draft.lost(
                        callback, "calls are told to OpenTelemetry backends, Langfuse, Prometheus and the request log");
        }
    }

    private void log() {
        if (Boolean.TRUE.equals(general.flag("disable_spend_logs"))) {
            draft.set("mehari.request-log.enabled", false);
        }
        if (Boolean.TRUE.equals(general.flag("store_prompts_in_spend_logs"))) {
            draft.set("mehari.content.capture", "full");
        }
        Setting kept = general.get("maximum_spend_logs_retention_period");
        String period = kept == null ? null : kept.text();
        if (kept != null && period != null) {
            if (period.matches("\\d+[smhd]")) {
                draft.set("mehari.request-log.ttl", period);
            } else {
                draft.lost(kept, "is no time such as 30d");
            }
        }
    }

    /** {@code environment_variables}: they are set as if they stood in .env. */
    static void variables(Draft draft, @Nullable Setting variables) {
        if (variables != null) {
            variables.entries().forEach((name, value) -> {
                String text = value.text();
                if (text != null && Draft.variable(text) == null) {
                    draft.variable(name, text);
                }
            });
        }
    }
}
