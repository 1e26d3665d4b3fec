package dev.mehari.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One of {@code mehari.models}: a model name that clients ask for and the deployments behind it.
 *
 * @param name that clients ask for
 * @param alias of another group, instead of deployments
 * @param strategy null: that of {@code routing}
 * @param retries null: those of {@code routing}
 * @param maxAttempts null: those of {@code routing}
 * @param deadline null: that of {@code routing}
 * @param hedge after so long without a stream's first token the next deployment is asked beside the first; null: never
 * @param deployments tried by priority, then as the strategy has it
 */
public record ModelGroupSettings(
        String name,
        @Nullable String alias,
        RoutingSettings.@Nullable Strategy strategy,
        @Nullable Integer retries,
        @Nullable Integer maxAttempts,
        @Nullable Duration deadline,
        @Nullable Duration hedge,
        List<Deployment> deployments) {
    public ModelGroupSettings {
        alias = MehariSettings.blankToNull(alias);
        deployments = deployments == null ? List.of() : List.copyOf(deployments);
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
            name = MehariSettings.blankToNull(name);
            model = MehariSettings.blankToNull(model);
        }
    }

    /**
     * The time-outs of one deployment, as {@link ProviderSettings.Timeouts} has them.
     *
     * @param connect null: its provider's
     * @param firstToken null: its provider's
     * @param idle null: its provider's
     * @param total null: its provider's
     */
    public record OwnTimeouts(
            @Nullable Duration connect,
            @Nullable Duration firstToken,
            @Nullable Duration idle,
            @Nullable Duration total) {}
}
