package dev.mehari.conformance;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to check and how.
 *
 * @param target the endpoint
 * @param reference another one whose shapes it is compared with; null: none
 * @param timeout the longest that the endpoint may be silent
 * @param runs how often it is measured; 0: not at all
 * @param demanded doors whose absence is a finding
 * @param embeddingsModel null: the target's model
 * @param gateway what only a gateway has; null: not asked for
 * @param strict whether what an endpoint only should do counts as a finding too
 */
public record Plan(
        Target target,
        @Nullable Target reference,
        Duration timeout,
        int runs,
        Set<Door> demanded,
        @Nullable String embeddingsModel,
        @Nullable GatewayPlan gateway,
        boolean strict) {

    /** A text from outside, without any of the keys. */
    String masked(String text) {
        String masked = target.masked(text);
        return gateway == null
                ? masked
                : Target.masked(Target.masked(masked, gateway.adminKey()), gateway.limitedKey());
    }

    /** A door that a compatible endpoint may have or not. */
    public enum Door {
        MODELS,
        EMBEDDINGS,
        RESPONSES,
        MESSAGES
    }

    /**
     * What the cases of a gateway need. What is null leaves its cases unchecked, and the report says so.
     *
     * @param adminKey opens /stats and /admin from outside
     * @param cachedModel a model whose answers are cached; null: the target's
     * @param group a model group that spreads its calls
     * @param failoverGroup a model group whose first deployment fails
     * @param limitedKey a client key with a limit of a few requests a minute
     */
    public record GatewayPlan(
            @Nullable String adminKey,
            @Nullable String cachedModel,
            @Nullable String group,
            @Nullable String failoverGroup,
            @Nullable String limitedKey) {

        /** @throws IllegalArgumentException a key that no header can carry */
        public GatewayPlan {
            Target.checkKey(adminKey);
            Target.checkKey(limitedKey);
        }
    }
}
