package dev.mehari.price;

import dev.mehari.chat.Usage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What one token of each kind costs, in pico-dollars. Immutable.
 *
 * @param input of the prompt; null: not known
 * @param output of the completion; null: not known, or there is none (embeddings)
 * @param cached read from the provider's cache; null: as input
 * @param cacheWrite written to the provider's cache; null: as input
 * @param longCacheWrite written there for an hour; null: as {@code cacheWrite}
 * @param reasoning null: as output
 * @param audioInput sound in the prompt; null: as input
 * @param audioOutput sound in the completion; null: as output
 */
public record Rates(
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long cached,
        @Nullable Long cacheWrite,
        @Nullable Long longCacheWrite,
        @Nullable Long reasoning,
        @Nullable Long audioInput,
        @Nullable Long audioOutput) {
    private static final BigInteger PICOS_OF_A_NANO = BigInteger.valueOf(1000);

    /** Nine million dollars: up to there Redis' scripts are exact, and a long has room for the sum of many. */
    private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(1L << 53);

    /** Rates in dollars for a million tokens. */
    public static Rates perMillion(
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cached,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal longCacheWrite,
            @Nullable BigDecimal reasoning,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput) {
        return new Rates(
                picos(input),
                picos(output),
                picos(cached),
                picos(cacheWrite),
                picos(longCacheWrite),
                picos(reasoning),
                picos(audioInput),
                picos(audioOutput));
    }

    private static @Nullable Long picos(@Nullable BigDecimal perMillion) {
        return perMillion == null ? null : (Long) Dollars.picosOfAToken(perMillion);
    }

    /** What it costs, in nano-dollars, rounded half up, 2^53 at most; null when a rate that is needed is not known. */
    @Nullable
    Long cost(Usage usage) {
        BigInteger prompt = promptCost(usage);
        BigInteger completion = completionCost(usage);
        if (prompt == null || completion == null) {
            return null;
        }
        return new BigDecimal(prompt.add(completion))
                .divide(new BigDecimal(PICOS_OF_A_NANO), 0, RoundingMode.HALF_UP)
                .min(MOST_NANOS)
                .longValueExact();
    }

    /** Cached and written tokens and sound are parts of the prompt ({@link Usage}); each token is paid once. */
    private @Nullable BigInteger promptCost(Usage usage) {
        long all = orZero(usage.promptTokens());
        if (all == 0) {
            return BigInteger.ZERO;
        }
        if (input == null) {
            return null;
        }
        long read = Math.min(all, orZero(usage.cachedTokens()));
        long longWritten = orZero(usage.longCacheWriteTokens());
        // Some tell the part that stays for an hour, and not the whole.
        long written = Math.min(all - read, Math.max(longWritten, orZero(usage.cacheWriteTokens())));
        longWritten = Math.min(written, longWritten);
        long sound = Math.min(all - read - written, orZero(usage.promptAudioTokens()));
        long write = or(cacheWrite, input);
        return times(all - read - written - sound, input)
                .add(times(read, or(cached, input)))
                .add(times(written - longWritten, write))
                .add(times(longWritten, or(longCacheWrite, write)))
                .add(times(sound, or(audioInput, input)));
    }

    private @Nullable BigInteger completionCost(Usage usage) {
        long all = orZero(usage.completionTokens());
        if (all == 0) {
            return BigInteger.ZERO;
        }
        if (output == null) {
            return null;
        }
        long thought = Math.min(all, orZero(usage.reasoningTokens()));
        long sound = Math.min(all - thought, orZero(usage.completionAudioTokens()));
        return times(all - thought - sound, output)
                .add(times(thought, or(reasoning, output)))
                .add(times(sound, or(audioOutput, output)));
    }

    private static BigInteger times(long tokens, long picos) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(picos));
    }

    private static long or(@Nullable Long rate, long other) {
        return rate == null ? other : rate;
    }

    private static long orZero(@Nullable Long tokens) {
        return tokens == null ? 0 : Math.max(0, tokens);
    }
}
