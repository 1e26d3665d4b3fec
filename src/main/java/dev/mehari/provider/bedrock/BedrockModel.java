package dev.mehari.provider.bedrock;

import dev.mehari.config.AnthropicSettings;
import dev.mehari.config.AnthropicSettings.Capability;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one model takes. Immutable.
 *
 * @param claude what Claude can do beyond that; null for other makers' models
 */
record BedrockModel(Set<Ability> abilities, AnthropicSettings.@Nullable Model claude) {
    /** What not every model takes. */
    enum Ability {
        /** {@code system}. */
        SYSTEM,
        /** {@code toolChoice: any}. */
        ANY_TOOL,
        /** {@code toolChoice: tool}. */
        NAMED_TOOL,
        /** {@code outputConfig.textFormat} and {@code strict} tools. */
        JSON_SCHEMA,
        /** {@code cachePoint}. */
        CACHE,
        /** Ids of calls must have nine letters or digits. */
        SHORT_IDS,
        /** {@code inferenceConfig.topK} among the model's own fields. */
        TOP_K_NOVA,
        /** {@code k} among the model's own fields. */
        TOP_K_COHERE,
        /** {@code reasoning_effort} among the model's own fields. */
        EFFORT_FIELD,
        /** {@code reasoningConfig} among the model's own fields. */
        EFFORT_NOVA
    }

    static BedrockModel of(AnthropicSettings.Model claude) {
        Set<Ability> abilities = EnumSet.of(Ability.SYSTEM, Ability.CACHE);
        if (claude.can(Capability.FORCED_TOOLS)) {
            abilities.add(Ability.ANY_TOOL);
            abilities.add(Ability.NAMED_TOOL);
        }
        if (claude.can(Capability.JSON_SCHEMA)) {
            abilities.add(Ability.JSON_SCHEMA);
        }
        return new BedrockModel(abilities, claude);
    }

    boolean can(Ability ability) {
        return abilities.contains(ability);
    }

    boolean isClaude() {
        return claude != null;
    }

    /** Whether it is a Claude model that can do that. */
    boolean claudeCan(Capability capability) {
        return claude != null && claude.can(capability);
    }
}
