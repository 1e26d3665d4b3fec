package dev.mehari.config;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.anthropic}: what its protocol needs to know beyond a provider. Immutable.
 *
 * @param defaultMaxTokens asked for when the client names no limit, which this API insists on; never more than the model
 *     gives
 * @param lateSystem where a system message goes that stands between turns, for models that do not take it there
 * @param webSearchTool the dated type of the server tool that stands for {@code web_search_options}; null: that field is
 *     not taken
 * @param models capabilities, before those that are shipped
 */
public record AnthropicSettings(
        @DefaultValue("8192") int defaultMaxTokens,
        @DefaultValue("wrap") LateSystem lateSystem,
        @Nullable String webSearchTool,
        List<Model> models) {

    public AnthropicSettings {
        webSearchTool = MehariSettings.blankToNull(webSearchTool);
        models = models == null ? List.of() : List.copyOf(models);
    }

    /** Where a system message between turns goes. */
    public enum LateSystem {
        /** Into the user's turn, in {@code <system>} tags. */
        WRAP,
        /** To the others at the top. */
        HOIST
    }

    /**
     * @param match a part of the model's name; the first entry that fits counts
     * @param maxTokens the most it gives
     * @param can what it can do
     */
    public record Model(String match, int maxTokens, Set<Capability> can) {
        public Model {
            can = can == null ? Set.of() : Set.copyOf(can);
        }

        public boolean can(Capability capability) {
            return can.contains(capability);
        }
    }

    /** What a Claude model can do, or not. */
    public enum Capability {
        /** It takes {@code temperature}, {@code top_p} and {@code top_k}. */
        SAMPLING,
        /** {@code thinking: {type: adaptive}}. */
        ADAPTIVE_THINKING,
        /** {@code thinking: {type: enabled, budget_tokens}}. */
        BUDGET_THINKING,
        /** {@code thinking: {type: disabled}}. */
        DISABLED_THINKING,
        /** {@code thinking: {type: between_tools}}. */
        BETWEEN_TOOLS_THINKING,
        /** {@code output_config.effort}. */
        EFFORT,
        /** That with {@code xhigh}. */
        XHIGH_EFFORT,
        /** {@code tool_choice: any} and {@code tool}. */
        FORCED_TOOLS,
        /** {@code output_config.format} and {@code strict} tools. */
        JSON_SCHEMA,
        /** A system message between turns. */
        LATE_SYSTEM,
        /** A last message of the assistant's that it goes on with. */
        PREFILL
    }
}
