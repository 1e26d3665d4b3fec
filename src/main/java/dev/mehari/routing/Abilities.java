package dev.mehari.routing;

import org.jspecify.annotations.Nullable;

/**
 * What a deployment can serve. What is not declared is left for the provider to say.
 *
 * @param contextLength the longest prompt, in tokens
 * @param vision whether it takes images
 * @param tools whether it takes tools
 */
public record Abilities(
        @Nullable Integer contextLength,
        @Nullable Boolean vision,
        @Nullable Boolean tools) {
    public static final Abilities UNKNOWN = new Abilities(null, null, null);

    /** What of it is missing for a call. */
    public enum Lack {
        IMAGES,
        TOOLS,
        LENGTH
    }

    /** The first thing that it cannot do for a call; null: it may serve. */
    @Nullable
    Lack lack(Needs needs) {
        if (Boolean.FALSE.equals(vision) && needs.images()) {
            return Lack.IMAGES;
        }
        if (Boolean.FALSE.equals(tools) && needs.tools()) {
            return Lack.TOOLS;
        }
        return contextLength != null && needs.promptTokens() > contextLength ? Lack.LENGTH : null;
    }
}
