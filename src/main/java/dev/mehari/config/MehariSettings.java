package dev.mehari.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * All of {@code mehari.*} in application.yaml. Immutable.
 *
 * @param defaultProvider serves models that no rule names; null: such a model is not found
 * @param strictParams whether a request field that the provider does not take is refused with 400; else it is left out
 *     and named in {@code x-mehari-dropped-params}
 * @param access who may call, and who may see what
 * @param limits of requests and answers, and of how many calls there are at once (docs/operations.md#overload)
 * @param http what a client may cost before its call begins
 * @param cors pages of other origins that may call from a browser (docs/security.md#browsers)
 * @param streaming of streams to clients
 * @param routes where route files are, and what becomes of edited ones (docs/reload.md)
 * @param transport the threads that move bytes
 * @param media images and files that clients name by address
 * @param shutdown how it stops (docs/operations.md#stopping)
 * @param demo the provider that answers without anybody behind it
 * @param database stored responses, keys, usage, request log
 * @param conversations responses that clients go on from (docs/responses.md)
 * @param anthropic of Anthropic's protocol
 * @param redis what replicas share (docs/shared-state.md)
 * @param cache answers that are kept to be given again (docs/caching.md)
 * @param routing who is asked, how often, and who is left out (docs/routing.md)
 * @param environment named in the request log and in traces, for example {@code prod}
 * @param metrics what is measured (docs/observability.md)
 * @param content whether what is said is kept
 * @param requestLog a row a call in the database (docs/observability.md#request-log)
 * @param tracing where calls are told as spans (docs/observability.md#traces)
 * @param keys of clients, with limits and budgets (docs/keys.md)
 * @param budgets warnings, and models of unknown price
 * @param prices win over those that are shipped (docs/keys.md#prices)
 * @param providers by name
 * @param models the model groups (docs/routing.md)
 */
@ConfigurationProperties("mehari")
public record MehariSettings(
        @Nullable String defaultProvider,
        @DefaultValue("false") boolean strictParams,
        @DefaultValue Access access,
        @DefaultValue Limits limits,
        @DefaultValue HttpSettings http,
        @DefaultValue CorsSettings cors,
        @DefaultValue Streaming streaming,
        @DefaultValue Routes routes,
        @DefaultValue Transport transport,
        @DefaultValue Media media,
        @DefaultValue Shutdown shutdown,
        @DefaultValue Demo demo,
        @DefaultValue Database database,
        @DefaultValue Conversations conversations,
        @DefaultValue AnthropicSettings anthropic,
        @DefaultValue Redis redis,
        @DefaultValue CacheSettings cache,
        @DefaultValue RoutingSettings routing,
        @Nullable String environment,
        @DefaultValue MetricsSettings metrics,
        @DefaultValue ContentSettings content,
        @DefaultValue RequestLogSettings requestLog,
        @DefaultValue TracingSettings tracing,
        @DefaultValue KeySettings keys,
        @DefaultValue BudgetSettings budgets,
        List<PriceSettings> prices,
        Map<String, ProviderSettings> providers,
        List<ModelGroupSettings> models) {

    public MehariSettings {
        defaultProvider = blankToNull(defaultProvider);
        environment = blankToNull(environment);
        providers = providers == null ? Map.of() : Map.copyOf(providers);
        models = models == null ? List.of() : List.copyOf(models);
        prices = prices == null ? List.of() : List.copyOf(prices);
    }

    /**
     * @param apiKeys the keys that clients may send, as Bearer token or {@code x-api-key}; empty: everyone may call
     * @param allowAnonymous whether a public address without keys is meant so
     * @param adminKey of the admin API and the dashboard; null: one is made for each run and told in the log
     * @param scrapeKey may read {@code /stats} and {@code /metrics} and nothing else, where others than this machine can
     *     reach them; null: there is none, and the admin key does
     */
    public record Access(
            List<String> apiKeys,
            @DefaultValue("false") boolean allowAnonymous,
            @Nullable String adminKey,
            @Nullable String scrapeKey) {
        public Access {
            adminKey = blankToNull(adminKey);
            scrapeKey = blankToNull(scrapeKey);
            apiKeys = apiKeys == null
                    ? List.of()
                    : apiKeys.stream()
                            .map(MehariSettings::blankToNull)
                            .filter(Objects::nonNull)
                            .toList();
        }
    }

    /**
     * @param bodySize of a request, after decompression; more is 413. Bodies above 1 MB may hold a sixth of the heap
     *     together, but one of this size always may; more are 503
     * @param answerSize of a whole answer from a provider, and never more than a twelfth of the heap; more is 502. Answers
     *     above 1 MB may hold that twelfth together; beyond it calls are 503. Streams are not held, and have no such limit
     * @param jsonDepth how deep the JSON of a request may nest
     * @param concurrentCalls in flight at once
     * @param queue how many calls above that wait for a place; more are refused with 503 and {@code retry-after}
     * @param queueWait how long one of them waits before it is refused too
     * @param adaptive whether fewer calls are let in while the gateway itself is slow
     */
    public record Limits(
            @DefaultValue("32MB") DataSize bodySize,
            @DefaultValue("128MB") DataSize answerSize,
            @DefaultValue("1000") int jsonDepth,
            @DefaultValue("20000") int concurrentCalls,
            @DefaultValue("1000") int queue,
            @DefaultValue("500ms") Duration queueWait,
            @DefaultValue("false") boolean adaptive) {}

    /**
     * @param keepAlive how long a stream may be silent before a comment line says that we live; 0: never. The property
     *     {@code keepAlive}, set in a route before {@code readCall}, wins
     */
    public record Streaming(@DefaultValue("15s") Duration keepAlive) {}

    /**
     * @param folder of the route files; null: {@code routes/} in the working folder, else those in the jar
     * @param reload whether edited files come into use while the gateway runs
     */
    public record Routes(
            @Nullable String folder, @DefaultValue("on") Reload reload) {
        public Routes {
            folder = blankToNull(folder);
        }
    }

    /** What becomes of edited files. */
    public enum Reload {
        /** They are checked, and serve. */
        ON,
        /** Nothing is watched. */
        OFF,
        /** They are checked, and the outcome told; what serves stays. */
        CHECK_ONLY
    }

    /** @param eventLoops threads that move bytes; 0: one a processor */
    public record Transport(@DefaultValue("0") int eventLoops) {}

    /**
     * @param url {@code jdbc:sqlite:…}, {@code jdbc:postgresql:…} or {@code postgres://user:password@host/database};
     *     empty: a SQLite file below the working folder. Opened when first needed
     * @param timeout for a connection, and for the database to answer; then who needs it gets 503
     */
    public record Database(
            @DefaultValue(SQLITE) String url,
            @DefaultValue("2s") Duration timeout) {
        private static final String SQLITE = "jdbc:sqlite:data/mehari.db";

        public Database {
            url = isBlank(url) ? SQLITE : url.strip();
        }
    }

    /**
     * Fetching of images and files that clients name by address, for providers that do not read addresses.
     *
     * @param fetch whether it is done at all, for providers that do not read addresses; else such a request is 400
     * @param maxSize of all that one request names together
     * @param timeout of each, redirects and all
     * @param maxRedirects of each; only public addresses are asked, at every one of them
     * @param allow hosts that may have private addresses: {@code name}, or {@code name:port} for ports other than 80 and
     *     443
     */
    public record Media(
            @DefaultValue("true") boolean fetch,
            @DefaultValue("20MB") DataSize maxSize,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("3") int maxRedirects,
            List<String> allow) {
        public Media {
            allow = allow == null ? List.of() : List.copyOf(allow);
        }
    }

    /**
     * Responses kept for clients ({@code store}).
     *
     * @param ttl how long
     * @param maxSize of a request or an answer that is kept
     */
    public record Conversations(
            @DefaultValue("30d") Duration ttl,
            @DefaultValue("16MB") DataSize maxSize) {}

    /**
     * @param delay how long calls are still taken after a stop has begun and {@code /health/ready} is down. How long open
     *     calls may go on after that is {@code spring.lifecycle.timeout-per-shutdown-phase}
     */
    public record Shutdown(@DefaultValue("0s") Duration delay) {}

    /** @param wordDelay between two words of the demo provider's streams */
    public record Demo(@DefaultValue("20ms") Duration wordDelay) {}

    /**
     * @param url {@code redis://} or {@code rediss://}; null: replicas share nothing
     * @param timeout the most that Redis may hold up a call; then each replica decides for itself until Redis is back
     * @param namespace in front of all keys; without braces
     */
    public record Redis(
            @Nullable String url,
            @DefaultValue("50ms") Duration timeout,
            @DefaultValue("mehari") String namespace) {
        public Redis {
            url = blankToNull(url);
        }
    }

    /** Whether a setting that must be there was left out; binding gives null for it. */
    public static boolean isBlank(@Nullable String text) {
        return blankToNull(text) == null;
    }

    /** Null too for {@code ${VARIABLE}} of a variable that is not set: Spring leaves it as it stands, and it is no key. */
    static @Nullable String blankToNull(@Nullable String text) {
        String stripped = text == null ? "" : text.strip();
        boolean unset = stripped.startsWith("${") && stripped.endsWith("}");
        return unset || stripped.isEmpty() ? null : stripped;
    }
}
