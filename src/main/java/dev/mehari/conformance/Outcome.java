package dev.mehari.conformance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run has found.
 *
 * @param measurement null: not asked for, or no stream came
 * @param differences from the reference; empty without one
 */
public record Outcome(
        Plan plan, List<Finding> findings, @Nullable Measurement measurement, List<Difference> differences) {
    /** What counts: broken demands that clients need kept, differences that they may break at; when strict, all. */
    public int problems() {
        long broken = findings.stream()
                .filter(Finding::broken)
                .filter(finding -> finding.demand().must() || plan.strict())
                .count();
        long different = differences.stream()
                .filter(difference -> difference.must() || plan.strict())
                .count();
        return (int) (broken + different);
    }
}
