package dev.mehari.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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
 * @param http what a client may cost before its call begins
 * @param cors pages of other origins that may call from a browser
 * @param anthropic of Anthropic's protocol
 * @param cache answers that are kept to be given again
 * @param environment named in the request log and in traces, for example {@code prod}
 * @param prices win over those that are shipped
 * @param providers by name
 * @param models the model groups
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
        @DefaultValue Routing routing,
        @Nullable String environment,
        @DefaultValue MetricsSettings metrics,
        @DefaultValue ContentSettings content,
        @DefaultValue RequestLogSettings requestLog,
        @DefaultValue TracingSettings tracing,
        @DefaultValue KeySettings keys,
        @DefaultValue BudgetSettings budgets,
        List<PriceSettings> prices,
        Map<String, ProviderSettings> providers,
        List<ModelGroup> models) {

    public MehariSettings {
        defaultProvider = blankToNull(defaultProvider);
        environment = blankToNull(environment);
        providers = providers == null ? Map.of() : Map.copyOf(providers);
        models = models == null ? List.of() : List.copyOf(models);
        prices = prices == null ? List.of() : List.copyOf(prices);
    }

    /**
     * @param apiKeys the keys that clients may send; empty: everyone may call
     * @param allowAnonymous whether a public address without keys is meant so
     * @param adminKey of the admin API; null: one is made for this run
     * @param scrapeKey that may read numbers ({@code /stats}) and nothing else; null: there is none
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
                            .map(String::strip)
                            .filter(key -> !key.isEmpty())
                            .toList();
        }
    }

    /**
     * @param bodySize of a request, after decompression
     * @param answerSize of a whole answer from a provider
     * @param jsonDepth how deep the JSON of a request may nest
     * @param concurrentCalls in flight at once
     * @param queue how many calls above that wait for a place; more are refused with 503
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
     * @param keepAlive how long a stream may be silent before a comment line says that we live; 0 turns it off
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
        ON,
        OFF,
        /** They are checked, and the outcome told; what serves stays. */
        CHECK_ONLY
    }

    /** @param eventLoops threads that move bytes; 0: one a processor */
    public record Transport(@DefaultValue("0") int eventLoops) {}

    /**
     * @param url JDBC or {@code postgres://}; empty: a SQLite file below the working folder
     * @param timeout for a connection, and for the database to answer
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
     * @param fetch whether it is done at all; else such a request is 400
     * @param maxSize of all that one request names together
     * @param timeout of each, redirects and all
     * @param maxRedirects of each
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
     * @param timeout the most that Redis may hold up a call
     * @param namespace in front of all keys
     */
    public record Redis(
            @Nullable String url,
            @DefaultValue("50ms") Duration timeout,
            @DefaultValue("mehari") String namespace) {
        public Redis {
            url = blankToNull(url);
        }
    }

    /**
     * How calls find a deployment that answers; groups may set the first four otherwise.
     *
     * @param strategy among deployments of one priority
     * @param retries at the same deployment
     * @param maxAttempts requests sent for one call, retries included
     * @param deadline of all attempts together, until a whole answer or the first token
     */
    public record Routing(
            @DefaultValue("weighted") Strategy strategy,
            @DefaultValue("0") int retries,
            @DefaultValue("3") int maxAttempts,
            @DefaultValue("600s") Duration deadline,
            @DefaultValue BackOff backOff,
            @DefaultValue Cooldown cooldown) {}

    /** In which order the deployments of one priority serve. */
    public enum Strategy {
        WEIGHTED,
        LEAST_LATENCY,
        LEAST_BUSY,
        STICKY
    }

    /**
     * The pause before a retry: up to a bound, drawn by chance.
     *
     * @param first bound, doubled for each further retry
     * @param longest bound; when upstream asks for more, the deployment is not asked again
     */
    public record BackOff(
            @DefaultValue("200ms") Duration first,
            @DefaultValue("5s") Duration longest) {}

    /**
     * When a deployment is left out, and for how long.
     *
     * @param failures in a row
     * @param errorRate from 0 to 1, over about the last twenty attempts
     * @param first time, doubled for each further one
     * @param refused the same for quota, key and model
     * @param longest time, also when upstream asks for more; 0: nothing is left out
     * @param rampUp over which its share of the traffic returns
     */
    public record Cooldown(
            @DefaultValue("3") int failures,
            @DefaultValue("0.5") double errorRate,
            @DefaultValue("5s") Duration first,
            @DefaultValue("60s") Duration refused,
            @DefaultValue("10m") Duration longest,
            @DefaultValue("30s") Duration rampUp) {}

    /**
     * A model name that clients ask for and the deployments behind it.
     *
     * @param alias of another group, instead of deployments
     * @param hedge after so long without a stream's first token the next deployment is asked beside the first; null: never
     * @param deployments tried by priority, then as the strategy has it
     */
    public record ModelGroup(
            String name,
            @Nullable String alias,
            @Nullable Strategy strategy,
            @Nullable Integer retries,
            @Nullable Integer maxAttempts,
            @Nullable Duration deadline,
            @Nullable Duration hedge,
            List<Deployment> deployments) {
        public ModelGroup {
            alias = blankToNull(alias);
            deployments = deployments == null ? List.of() : List.copyOf(deployments);
        }
    }

    /**
     * @param name unique; null: provider and model
     * @param provider the name of a configured provider
     * @param model the upstream's name of the model; null: the group's
     * @param weight share of the traffic within its priority
     * @param priority 1 first; higher ones only when lower ones have failed
     * @param rpm requests a minute
     * @param tpm tokens a minute
     * @param maxConcurrent calls at once
     * @param contextLength the longest prompt in tokens
     * @param vision whether it takes images
     * @param tools whether it takes tools
     * @param timeouts where it is to have others than its provider
     * @param price where it is to have another than its model
     */
    public record Deployment(
            @Nullable String name,
            String provider,
            @Nullable String model,
            @DefaultValue("1") int weight,
            @DefaultValue("1") int priority,
            @Nullable Integer rpm,
            @Nullable Long tpm,
            @Nullable Integer maxConcurrent,
            @Nullable Integer contextLength,
            @Nullable Boolean vision,
            @Nullable Boolean tools,
            @Nullable OwnTimeouts timeouts,
            PriceSettings.@Nullable Rates price) {
        public Deployment {
            name = blankToNull(name);
            model = blankToNull(model);
        }
    }

    /** The time-outs of one deployment, as {@link ProviderSettings.Timeouts} has them; null: its provider's. */
    public record OwnTimeouts(
            @Nullable Duration connect,
            @Nullable Duration firstToken,
            @Nullable Duration idle,
            @Nullable Duration total) {}

    /** Whether a setting that must be there was left out; binding gives null for it. */
    public static boolean isBlank(@Nullable String text) {
        return blankToNull(text) == null;
    }

    static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
