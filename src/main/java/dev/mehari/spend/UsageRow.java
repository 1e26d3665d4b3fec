package dev.mehari.spend;

import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import org.jspecify.annotations.Nullable;

/**
 * What was used in a day with a key, for a team, of one model at one provider. Immutable.
 *
 * @param requests calls; an attempt that failed before another adds its tokens and cost only
 * @param costNanos as far as it is known
 * @param unpriced requests whose cost is not known, or not all of it
 * @param estimated requests whose tokens were reckoned by the gateway
 */
record UsageRow(
        Key key,
        long requests,
        long failed,
        long recalled,
        long promptTokens,
        long completionTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long reasoningTokens,
        long costNanos,
        long unpriced,
        long estimated) {

    /**
     * Rows of the same key are added up.
     *
     * @param day as {@code 2026-11-21}, UTC
     * @param team empty: none
     */
    record Key(String day, String keyId, String team, String provider, String model) implements Comparable<Key> {
        /** An order that all writers keep, so that none waits for another in a circle. */
        @Override
        public int compareTo(Key other) {
            return (day + '\n' + keyId + '\n' + team + '\n' + provider + '\n' + model)
                    .compareTo(other.day
                            + '\n'
                            + other.keyId
                            + '\n'
                            + other.team
                            + '\n'
                            + other.provider
                            + '\n'
                            + other.model);
        }
    }

    static UsageRow of(Bill bill, Key key) {
        Usage usage = bill.usage() == null ? Usage.of(null, null) : bill.usage();
        boolean recalled = bill.source() == Bill.Source.RECALLED;
        return new UsageRow(
                key,
                bill.last() ? 1 : 0,
                bill.last() && bill.source() == Bill.Source.FAILED ? 1 : 0,
                recalled ? 1 : 0,
                orZero(usage.promptTokens()),
                orZero(usage.completionTokens()),
                orZero(usage.count(UsageDetail.CACHED)),
                orZero(usage.count(UsageDetail.CACHE_WRITE)),
                orZero(usage.count(UsageDetail.REASONING)),
                bill.cost().nanos(),
                bill.cost().whole() ? 0 : 1,
                bill.estimated() ? 1 : 0);
    }

    UsageRow plus(UsageRow other) {
        return new UsageRow(
                key,
                requests + other.requests,
                failed + other.failed,
                recalled + other.recalled,
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                cachedTokens + other.cachedTokens,
                cacheWriteTokens + other.cacheWriteTokens,
                reasoningTokens + other.reasoningTokens,
                costNanos + other.costNanos,
                unpriced + other.unpriced,
                estimated + other.estimated);
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
