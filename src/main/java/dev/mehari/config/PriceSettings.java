package dev.mehari.config;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code mehari.prices}: what models of one provider cost, before the list that is shipped. In US dollars for a million
 * tokens. Immutable.
 *
 * @param provider by its name
 * @param models by their upstream names; {@code *} stands for any characters
 * @param price what they cost
 */
public record PriceSettings(@Nullable String provider, List<String> models, Rates price) {
    public PriceSettings {
        provider = MehariSettings.blankToNull(provider);
        models = models == null ? List.of() : List.copyOf(models);
    }

    /**
     * What a million tokens cost, and a thousand searches, in US dollars.
     *
     * @param as the shipped price of that model on the provider's list; then nothing else is said
     * @param input what the prompt's tokens cost
     * @param output null: there is none, as of embeddings
     * @param cached read from the provider's cache; null: as input
     * @param cacheWrite written to it; null: as input
     * @param cacheWrite1h written to it for an hour; null: as {@code cacheWrite}
     * @param reasoning null: as output
     * @param audioInput null: as input
     * @param audioOutput null: not known
     * @param imageInput null: as input
     * @param imageOutput null: not known
     * @param videoInput null: as input
     * @param videoOutput null: not known
     * @param webSearch a thousand searches that the provider runs; null: not known
     * @param tiers of longer prompts
     */
    public record Rates(
            @Nullable String as,
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cached,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal reasoning,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput,
            @Nullable BigDecimal imageInput,
            @Nullable BigDecimal imageOutput,
            @Nullable BigDecimal videoInput,
            @Nullable BigDecimal videoOutput,
            @Nullable BigDecimal webSearch,
            List<Tier> tiers) {
        public Rates {
            as = MehariSettings.blankToNull(as);
            tiers = tiers == null ? List.of() : List.copyOf(tiers);
        }
    }

    /**
     * The rates of all tokens of a request whose prompt is longer than so many tokens.
     *
     * @param above tokens of the prompt
     * @param input as in the price
     * @param output as in the price
     * @param cached as in the price
     * @param cacheWrite as in the price
     * @param cacheWrite1h as in the price
     * @param reasoning as in the price
     * @param audioInput as in the price
     * @param audioOutput as in the price
     * @param imageInput as in the price
     * @param imageOutput as in the price
     * @param videoInput as in the price
     * @param videoOutput as in the price
     */
    public record Tier(
            long above,
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cached,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal reasoning,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput,
            @Nullable BigDecimal imageInput,
            @Nullable BigDecimal imageOutput,
            @Nullable BigDecimal videoInput,
            @Nullable BigDecimal videoOutput) {}
}
