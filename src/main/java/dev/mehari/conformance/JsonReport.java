package dev.mehari.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import org.jspecify.annotations.Nullable;

/** The report for machines: one JSON object. docs/conformance-tool.md has its fields. Keys are not in it. Pure. */
public final class JsonReport {
    private JsonReport() {}

    public static String of(Outcome outcome) {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        target(report.putObject("target"), outcome.plan().target());
        Target reference = outcome.plan().reference();
        if (reference != null) {
            target(report.putObject("reference"), reference);
        }
        report.put("problems", outcome.problems());
        outcome.findings().forEach(finding -> finding(report.withArray("cases").addObject(), finding));
        Measurement measured = outcome.measurement();
        if (measured != null) {
            ObjectNode told = report.putObject("measured").put("runs", measured.runs());
            told.put("failed", measured.failed());
            percentiles(told, "first_token_ms", measured.firstTokenMillis());
            percentiles(told, "gap_ms", measured.gapMillis());
            percentiles(
                    told,
                    measured.tokensCounted() ? "tokens_per_second" : "chunks_per_second",
                    measured.tokensPerSecond());
        }
        outcome.differences().forEach(difference -> report.withArray("differences")
                .addObject()
                .put("exchange", difference.exchange())
                .put("subject", difference.subject())
                .put("here", difference.here())
                .put("there", difference.there())
                .put("must", difference.must()));
        return Json.text(report);
    }

    private static void target(ObjectNode told, Target target) {
        told.put("base_url", target.base()).put("model", target.model());
    }

    private static void finding(ObjectNode told, Finding finding) {
        Demand demand = finding.demand();
        told.put("id", demand.id());
        switch (finding.verdict()) {
            case Verdict.Kept kept -> told.put("result", "kept");
            case Verdict.Broken broken -> told.put("result", "broken").put("seen", broken.seen());
            case Verdict.Absent absent -> told.put("result", "absent").put("why", absent.why());
            case Verdict.Unchecked unchecked ->
                told.put("result", "not_checked").put("why", unchecked.why());
        }
        told.put("must", demand.must()).put("demands", demand.text());
        told.put("source", demand.source()).put("advice", demand.advice());
    }

    private static void percentiles(ObjectNode told, String name, @Nullable Percentiles measured) {
        if (measured != null) {
            told.putObject(name)
                    .put("p50", measured.p50())
                    .put("p95", measured.p95())
                    .put("max", measured.max());
        }
    }
}
