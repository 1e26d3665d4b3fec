package dev.mehari.report;

import dev.mehari.usage.trace.TraceWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The section {@code traces} of {@code GET /stats}: whether they reach their backends. */
@Component
final class TraceReport implements ReportPart {
    private final @Nullable TraceWriter traces;

    TraceReport(ObjectProvider<TraceWriter> traces) {
        this.traces = traces.getIfAvailable();
    }

    @Override
    public String name() {
        return "traces";
    }

    /** Null when nobody is told of traces. */
    @Override
    public @Nullable Map<String, Object> tell() {
        if (traces == null) {
            return null;
        }
        TraceWriter.Status status = traces.status();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("state", status.well() ? "sent" : "away");
        told.put("calls", status.calls());
        told.put("dropped", status.dropped());
        told.put("failed", status.failed());
        told.put("waiting", status.waiting());
        return told;
    }
}
