package dev.mehari.migrate;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of LiteLLM's {@code model_list}, as it will be a deployment. Immutable.
 *
 * @param group the name that clients ask for
 * @param entry where it stands
 * @param model the upstream's name
 * @param id the operator's own name for it; null: none
 * @param weight as LiteLLM has it, a fraction maybe; null: none
 * @param order its priority; null: behind those that have one
 * @param limits rpm, tpm and max-concurrent
 * @param others further settings of a deployment
 */
record LiteLlmDeployment(
        String group,
        Setting entry,
        Account account,
        String model,
        @Nullable String id,
        @Nullable BigDecimal weight,
        @Nullable Long order,
        Map<String, Object> limits,
        Map<String, Object> others) {

    /** What must be the same wherever a deployment of one name stands. */
    Object signature() {
        Map<String, Object> all = new LinkedHashMap<>(limits);
        all.put("timeouts", others.getOrDefault("timeouts", ""));
        return all;
    }
}
