package dev.mehari.conformance;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The report for people: a line for each group, then each finding with what it is about. */
public final class TextReport {
    private final Outcome outcome;
    private final PrintWriter out;

    public TextReport(Outcome outcome, PrintWriter out) {
        this.outcome = outcome;
        this.out = out;
    }

    public void write() {
        Target target = outcome.plan().target();
        out.println("Conformance of " + target.base() + ", model " + target.model());
        out.println();
        groups();
        outcome.findings().forEach(this::unlooked);
        outcome.findings().stream().filter(Finding::broken).forEach(this::broken);
        differences();
        measurement(outcome.measurement());
        out.println();
        out.println(verdict());
        out.flush();
    }

    private void groups() {
        Map<String, List<Finding>> groups = new LinkedHashMap<>();
        outcome.findings()
                .forEach(finding -> groups.computeIfAbsent(finding.demand().group(), any -> new ArrayList<>())
                        .add(finding));
        groups.forEach((group, findings) -> {
            long kept = findings.stream()
                    .filter(finding -> finding.verdict() instanceof Verdict.Kept)
                    .count();
            long broken = findings.stream().filter(Finding::broken).count();
            out.printf(
                    Locale.ROOT,
                    "  %-12s %2d kept%s%s%n",
                    group,
                    kept,
                    broken == 0 ? "" : ", " + broken + " broken",
                    findings.size() == kept + broken ? "" : ", " + (findings.size() - kept - broken) + " not checked");
        });
    }

    private void unlooked(Finding finding) {
        switch (finding.verdict()) {
            case Verdict.Unchecked unchecked -> line("not checked", finding.demand(), unchecked.why());
            case Verdict.Absent absent -> line("not there  ", finding.demand(), absent.why());
            case Verdict.Kept kept -> {}
            case Verdict.Broken broken -> {}
        }
    }

    private void line(String what, Demand demand, String why) {
        out.println("  " + what + "  " + demand.id() + ": " + why);
    }

    private void broken(Finding finding) {
        Demand demand = finding.demand();
        if (!(finding.verdict() instanceof Verdict.Broken broken)) {
            return;
        }
        out.println();
        out.println((demand.must() ? "BROKEN  " : "note    ") + demand.id() + "  (" + demand.source() + ")");
        out.println("  demands  " + demand.text());
        out.println("  seen     " + broken.seen());
        out.println("  to do    " + demand.advice());
    }

    private void differences() {
        Target reference = outcome.plan().reference();
        if (reference == null) {
            return;
        }
        out.println();
        out.println("Compared with " + reference.base() + ", model " + reference.model() + ": "
                + (outcome.differences().isEmpty()
                        ? "the same shapes"
                        : outcome.differences().size() + " differences"));
        String exchange = "";
        for (Difference difference : outcome.differences()) {
            if (!difference.exchange().equals(exchange)) {
                exchange = difference.exchange();
                out.println("  " + exchange);
            }
            out.println("  " + (difference.must() ? "! " : "  ") + difference.subject());
            out.println("      here   " + difference.here());
            out.println("      there  " + difference.there());
        }
    }

    private void measurement(@Nullable Measurement measured) {
        if (measured == null) {
            return;
        }
        out.println();
        out.printf(
                Locale.ROOT,
                "Measured on %d %s%s %9s %9s %9s%n",
                measured.runs(),
                measured.runs() == 1 ? "stream" : "streams",
                measured.failed() == 0 ? "" : " (" + measured.failed() + " failed)",
                "p50",
                "p95",
                "max");
        percentiles("time to first token, ms", measured.firstTokenMillis());
        percentiles("gap between chunks, ms", measured.gapMillis());
        percentiles(measured.tokensCounted() ? "tokens a second" : "chunks a second", measured.tokensPerSecond());
    }

    private void percentiles(String name, @Nullable Percentiles measured) {
        if (measured != null) {
            out.printf(
                    Locale.ROOT, "  %-24s %9.1f %9.1f %9.1f%n", name, measured.p50(), measured.p95(), measured.max());
        }
    }

    private String verdict() {
        int problems = outcome.problems();
        long notes = outcome.findings().stream().filter(Finding::broken).count()
                + outcome.differences().size()
                - problems;
        long unchecked = outcome.findings().stream()
                .filter(finding -> finding.verdict() instanceof Verdict.Unchecked)
                .count();
        return (problems == 0 ? "All right" : problems + (problems == 1 ? " problem found" : " problems found"))
                + (notes == 0 ? "" : "; " + notes + " noted besides")
                + (unchecked == 0 ? "" : "; " + unchecked + " not checked")
                + ".";
    }
}
