package dev.mehari.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Notes what became of each demand, in the order in which they are expected. Several exchanges may speak of the same
 * demand: the heaviest verdict stands, the first of equals. Not thread-safe.
 */
final class Sheet {
    private static final Verdict.Unchecked NOTHING_CAME =
            new Verdict.Unchecked("the answer that shows it did not come as it should");

    private final Map<Demand, Verdict> verdicts = new LinkedHashMap<>();

    /** Until something is noted of them they are unchecked. */
    void expect(List<Demand> demands) {
        demands.forEach(demand -> verdicts.putIfAbsent(demand, NOTHING_CAME));
    }

    void note(Demand demand, Verdict verdict) {
        Verdict known = verdicts.get(demand);
        if (known == null || known.equals(NOTHING_CAME) || verdict.weight() > known.weight()) {
            verdicts.put(demand, verdict);
        }
    }

    /** @param problem what was seen that breaks it; null: it is kept */
    void judge(Demand demand, @Nullable String problem) {
        note(demand, problem == null ? new Verdict.Kept() : new Verdict.Broken(problem));
    }

    /** @return whether it is kept */
    boolean judge(Demand demand, boolean kept, Supplier<String> seen) {
        judge(demand, kept ? null : seen.get());
        return kept;
    }

    void unchecked(List<Demand> demands, String why) {
        demands.forEach(demand -> note(demand, new Verdict.Unchecked(why)));
    }

    void absent(List<Demand> demands, String why) {
        demands.forEach(demand -> note(demand, new Verdict.Absent(why)));
    }

    /** @param masked takes out what must not be told */
    List<Finding> findings(UnaryOperator<String> masked) {
        return verdicts.entrySet().stream()
                .map(entry -> new Finding(entry.getKey(), entry.getValue().told(masked)))
                .toList();
    }
}
