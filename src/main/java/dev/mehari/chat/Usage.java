package dev.mehari.chat;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Token counts as a provider reported them, counted as OpenAI counts: {@code promptTokens} includes cached ones,
 * {@code completionTokens} includes reasoning. A count that was not reported is absent, never 0 and never negative. Immutable.
 *
 * @param details what the sums are made of, in no order, and what is counted beside them
 */
public record Usage(@Nullable Long promptTokens, @Nullable Long completionTokens, Map<UsageDetail, Long> details) {
    /** What the sums are called in logs; the others by their {@link UsageDetail#label}. */
    public static final String PROMPT_TOKENS = "prompt_tokens";

    public static final String COMPLETION_TOKENS = "completion_tokens";

    public Usage {
        details = Map.copyOf(details);
    }

    public static Usage of(@Nullable Long promptTokens, @Nullable Long completionTokens) {
        return new Usage(promptTokens, completionTokens, Map.of());
    }

    /** The same with one more count; null: as it is. */
    public Usage with(UsageDetail detail, @Nullable Long count) {
        if (count == null) {
            return this;
        }
        Map<UsageDetail, Long> more = new EnumMap<>(UsageDetail.class);
        more.putAll(details);
        more.put(detail, count);
        return new Usage(promptTokens, completionTokens, more);
    }

    /** The same, with the sums as they are held to be. */
    public Usage withSums(@Nullable Long prompt, @Nullable Long completion) {
        return new Usage(prompt, completion, details);
    }

    /** Null: it was not reported. */
    public @Nullable Long count(UsageDetail detail) {
        return details.get(detail);
    }

    /** Tells each count that was reported, by its name in logs: the two sums, then the others in their order. */
    public void forEach(ObjLongConsumer<String> to) {
        if (promptTokens != null) {
            to.accept(PROMPT_TOKENS, promptTokens);
        }
        if (completionTokens != null) {
            to.accept(COMPLETION_TOKENS, completionTokens);
        }
        for (UsageDetail detail : UsageDetail.values()) {
            Long count = count(detail);
            if (count != null) {
                to.accept(detail.label(), count);
            }
        }
    }

    /** The part written to the cache for some minutes only; null unless the provider told the two apart. */
    public @Nullable Long shortCacheWriteTokens() {
        Long hour = count(UsageDetail.LONG_CACHE_WRITE);
        Long all = count(UsageDetail.CACHE_WRITE);
        return hour == null ? null : (Long) Math.max(0, (all == null ? 0 : all) - hour);
    }

    /** Whether there are written tokens to tell apart by the time they are kept. */
    public boolean hasCacheTimes() {
        Long hour = count(UsageDetail.LONG_CACHE_WRITE);
        Long all = count(UsageDetail.CACHE_WRITE);
        return hour != null && (hour > 0 || (all != null && all > 0));
    }

    /** All tokens together; null unless both parts are known. */
    public @Nullable Long totalTokens() {
        return promptTokens == null || completionTokens == null ? null : (Long) (promptTokens + completionTokens);
    }
}
