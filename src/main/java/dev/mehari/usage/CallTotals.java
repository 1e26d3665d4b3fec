package dev.mehari.usage;

import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Calls since the start, of all and of each provider. Thread-safe. */
public final class CallTotals implements CallObserver {
    private final Sums all = new Sums();
    private final Map<String, Sums> byProvider = new ConcurrentHashMap<>();

    private static final class Sums {
        final LongAdder calls = new LongAdder();
        final LongAdder errors = new LongAdder();
        final LongAdder promptTokens = new LongAdder();
        final LongAdder completionTokens = new LongAdder();
        final LongAdder costNanoUsd = new LongAdder();

        void add(CallRecord call) {
            calls.increment();
            if (call.error() != null) {
                errors.increment();
            }
            Usage usage = call.usage();
            if (usage != null) {
                add(promptTokens, usage.promptTokens());
                add(completionTokens, usage.completionTokens());
            }
            add(costNanoUsd, call.costNanoUsd());
        }

        private static void add(LongAdder sum, @Nullable Long number) {
            if (number != null) {
                sum.add(number);
            }
        }

        Map<String, Object> told() {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("calls", calls.sum());
            told.put("errors", errors.sum());
            told.put("prompt_tokens", promptTokens.sum());
            told.put("completion_tokens", completionTokens.sum());
            told.put("cost_usd", costNanoUsd.sum() / 1e9);
            return told;
        }
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        all.add(call);
        AttemptRecord served = call.served();
        if (served != null) {
            Sums sums = byProvider.get(served.provider());
            if (sums == null) {
                sums = byProvider.computeIfAbsent(served.provider(), unseen -> new Sums());
            }
            sums.add(call);
        }
    }

    /** As {@code GET /stats} shows them. */
    public Map<String, Object> told() {
        return all.told();
    }

    /** The same of each provider that has served. */
    public Map<String, Object> toldByProvider() {
        Map<String, Object> told = new TreeMap<>();
        byProvider.forEach((provider, sums) -> told.put(provider, sums.told()));
        return told;
    }
}
