package dev.mehari.price;

import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one token of each kind costs, and one search, in pico-dollars. A rate that is missing is that of the text beside it:
 * {@code OUTPUT} of reasoning, {@code CACHE_WRITE} of what is kept for an hour, else {@code INPUT}. Sound, pictures and
 * films in an answer cost more than its text wherever they are sold, and searches have no text: without a rate for them,
 * as without input or output for what has been used, the cost is not known as a whole. Immutable.
 *
 * @param picos those that are known
 */
public record Rates(Map<Rate, Long> picos) {
    private static final BigInteger PICOS_OF_A_NANO = BigInteger.valueOf(1000);

    /** Nine million dollars: up to there Redis' scripts are exact, and a long has room for the sum of many. */
    private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(1L << 53);

    public Rates {
        picos = Map.copyOf(picos);
    }

    /** Rates in dollars for a million tokens, and for a thousand searches. */
    public static Rates of(Map<Rate, BigDecimal> dollars) {
        Map<Rate, Long> picos = new EnumMap<>(Rate.class);
        dollars.forEach((rate, amount) -> picos.put(rate, Dollars.picos(amount, rate.power())));
        return new Rates(picos);
    }

    /** Of text alone. */
    public static Rates of(@Nullable BigDecimal input, @Nullable BigDecimal output) {
        Map<Rate, BigDecimal> dollars = new EnumMap<>(Rate.class);
        if (input != null) {
            dollars.put(Rate.INPUT, input);
        }
        if (output != null) {
            dollars.put(Rate.OUTPUT, output);
        }
        return of(dollars);
    }

    private long rate(Rate rate, long other) {
        return picos.getOrDefault(rate, other);
    }

    /** What it costs, rounded half up, 2^53 nano-dollars at most. */
    Cost cost(Usage usage) {
        BigInteger sum = promptCost(usage).add(completionCost(usage)).add(searchCost(usage));
        long nanos = new BigDecimal(sum)
                .divide(new BigDecimal(PICOS_OF_A_NANO), 0, RoundingMode.HALF_UP)
                .min(MOST_NANOS)
                .longValueExact();
        return new Cost(nanos, isWhole(usage));
    }

    private boolean isWhole(Usage usage) {
        return isKnown(Rate.INPUT, usage.promptTokens())
                && isKnown(Rate.OUTPUT, usage.completionTokens())
                && isKnown(Rate.AUDIO_OUTPUT, usage.count(UsageDetail.COMPLETION_AUDIO))
                && isKnown(Rate.IMAGE_OUTPUT, usage.count(UsageDetail.COMPLETION_IMAGE))
                && isKnown(Rate.VIDEO_OUTPUT, usage.count(UsageDetail.COMPLETION_VIDEO))
                && isKnown(Rate.WEB_SEARCH, usage.count(UsageDetail.WEB_SEARCHES));
    }

    private boolean isKnown(Rate rate, @Nullable Long used) {
        return orZero(used) == 0 || picos.containsKey(rate);
    }

    /** Cached and written tokens, sound and pictures are parts of the prompt ({@link Usage}); each token is paid once. */
    private BigInteger promptCost(Usage usage) {
        Parts parts = new Parts(usage, usage.promptTokens());
        long input = rate(Rate.INPUT, 0);
        long longWritten = orZero(usage.count(UsageDetail.LONG_CACHE_WRITE));
        parts.take(UsageDetail.CACHED, rate(Rate.CACHED, input));
        // Some tell the part that stays for an hour, and not the whole.
        long written = parts.next(Math.max(longWritten, orZero(usage.count(UsageDetail.CACHE_WRITE))));
        longWritten = Math.min(written, longWritten);
        long write = rate(Rate.CACHE_WRITE, input);
        parts.add(written - longWritten, write);
        parts.add(longWritten, rate(Rate.LONG_CACHE_WRITE, write));
        parts.take(UsageDetail.PROMPT_AUDIO, rate(Rate.AUDIO_INPUT, input));
        parts.take(UsageDetail.PROMPT_IMAGE, rate(Rate.IMAGE_INPUT, input));
        parts.take(UsageDetail.PROMPT_VIDEO, rate(Rate.VIDEO_INPUT, input));
        return parts.withRest(input);
    }

    private BigInteger completionCost(Usage usage) {
        Parts parts = new Parts(usage, usage.completionTokens());
        long output = rate(Rate.OUTPUT, 0);
        parts.take(UsageDetail.REASONING, rate(Rate.REASONING, output));
        parts.take(UsageDetail.COMPLETION_AUDIO, rate(Rate.AUDIO_OUTPUT, output));
        parts.take(UsageDetail.COMPLETION_IMAGE, rate(Rate.IMAGE_OUTPUT, output));
        parts.take(UsageDetail.COMPLETION_VIDEO, rate(Rate.VIDEO_OUTPUT, output));
        return parts.withRest(output);
    }

    private BigInteger searchCost(Usage usage) {
        return times(orZero(usage.count(UsageDetail.WEB_SEARCHES)), rate(Rate.WEB_SEARCH, 0));
    }

    /** Takes a sum of tokens apart: what is counted under two names is the first, and nothing is counted twice. */
    private static final class Parts {
        private final Usage usage;
        private long left;
        private BigInteger cost = BigInteger.ZERO;

        Parts(Usage usage, @Nullable Long all) {
            this.usage = usage;
            this.left = orZero(all);
        }

        /** So many, or as many as there are left. */
        long next(long tokens) {
            long taken = Math.min(left, tokens);
            left -= taken;
            return taken;
        }

        void add(long tokens, long picos) {
            if (tokens > 0) {
                cost = cost.add(times(tokens, picos));
            }
        }

        void take(UsageDetail detail, long picos) {
            add(next(orZero(usage.count(detail))), picos);
        }

        BigInteger withRest(long picos) {
            add(left, picos);
            return cost;
        }
    }

    private static BigInteger times(long tokens, long picos) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(picos));
    }

    private static long orZero(@Nullable Long tokens) {
        return tokens == null ? 0 : Math.max(0, tokens);
    }
}
