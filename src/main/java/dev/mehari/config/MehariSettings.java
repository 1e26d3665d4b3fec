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
 * @param providers by name
 * @param models the model groups
 */
@ConfigurationProperties("mehari")
public record MehariSettings(
        @Nullable String defaultProvider,
        @DefaultValue Access access,
        @DefaultValue Limits limits,
        @DefaultValue Streaming streaming,
        @DefaultValue Routes routes,
        @DefaultValue Transport transport,
        @DefaultValue Shutdown shutdown,
        @DefaultValue Demo demo,
        Map<String, ProviderSettings> providers,
        List<ModelGroup> models) {

    public MehariSettings {
        defaultProvider = blankToNull(defaultProvider);
        providers = providers == null ? Map.of() : Map.copyOf(providers);
        models = models == null ? List.of() : List.copyOf(models);
    }

    /**
     * @param apiKeys the keys that clients may send; empty: everyone may call
     * @param allowAnonymous whether a public address without keys is meant so
     */
    public record Access(
            List<String> apiKeys, @DefaultValue("false") boolean allowAnonymous) {
        public Access {
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
     * @param concurrentCalls in flight at once
     * @param queue how many calls above that wait for a place; more are refused with 503
     * @param queueWait how long one of them waits before it is refused too
     * @param adaptive whether fewer calls are let in while the gateway itself is slow
     */
    public record Limits(
            @DefaultValue("32MB") DataSize bodySize,
            @DefaultValue("128MB") DataSize answerSize,
            @DefaultValue("20000") int concurrentCalls,
            @DefaultValue("1000") int queue,
            @DefaultValue("500ms") Duration queueWait,
            @DefaultValue("false") boolean adaptive) {}

    /**
     * @param keepAlive how long a stream may be silent before a comment line says that we live; 0 turns it off
     */
    public record Streaming(@DefaultValue("15s") Duration keepAlive) {}

    /** @param folder of the route files; null: {@code routes/} in the working folder, else those in the jar */
    public record Routes(@Nullable String folder) {
        public Routes {
            folder = blankToNull(folder);
        }
    }

    /** @param eventLoops threads that move bytes; 0: one a processor */
    public record Transport(@DefaultValue("0") int eventLoops) {}

    /**
     * @param delay how long calls are still taken after a stop has begun and {@code /health/ready} is down. How long open
     *     calls may go on after that is {@code spring.lifecycle.timeout-per-shutdown-phase}
     */
    public record Shutdown(@DefaultValue("0s") Duration delay) {}

    /** @param wordDelay between two words of the demo provider's streams */
    public record Demo(@DefaultValue("20ms") Duration wordDelay) {}

    /**
     * A model name that clients ask for and the deployments behind it.
     *
     * @param deployments tried by priority, then by weight
     */
    public record ModelGroup(String name, List<Deployment> deployments) {
        public ModelGroup {
            deployments = deployments == null ? List.of() : List.copyOf(deployments);
        }
    }

    /**
     * @param provider the name of a configured provider
     * @param model the upstream's name of the model; null: the group's
     * @param weight share of the traffic within its priority
     * @param priority 1 first; higher ones only when lower ones have failed
     */
    public record Deployment(
            String provider,
            @Nullable String model,
            @DefaultValue("1") int weight,
            @DefaultValue("1") int priority) {
        public Deployment {
            model = blankToNull(model);
        }
    }

    /** Whether a setting that must be there was left out; binding gives null for it. */
    public static boolean isBlank(@Nullable String text) {
        return blankToNull(text) == null;
    }

    static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
