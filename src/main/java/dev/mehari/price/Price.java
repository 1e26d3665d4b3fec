package dev.mehari.price;

import dev.mehari.chat.Usage;
import java.util.Comparator;
import java.util.List;

/**
 * What a model costs at a provider. Immutable.
 *
 * @param rates of requests that no tier is for
 * @param tiers of longer prompts, in any order
 */
public record Price(Rates rates, List<Tier> tiers) {
    public Price {
        tiers = tiers.stream()
                .sorted(Comparator.comparingLong(Tier::above).reversed())
                .toList();
    }

    /** The rates of all tokens of a request whose prompt, cached tokens included, is longer than so many tokens. */
    public record Tier(long above, Rates rates) {}

    /** What an answer costs. */
    public Cost cost(Usage usage) {
        long prompt = usage.promptTokens() == null ? 0 : usage.promptTokens();
        for (Tier tier : tiers) {
            if (prompt > tier.above()) {
                return tier.rates().cost(usage);
            }
        }
        return rates.cost(usage);
    }
}
