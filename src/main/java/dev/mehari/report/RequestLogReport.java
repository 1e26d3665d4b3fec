package dev.mehari.report;

import dev.mehari.usage.log.LogSize;
import dev.mehari.usage.log.RequestLogStatus;
import dev.mehari.usage.log.RequestLogWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The section {@code request_log} of {@code GET /stats}. */
@Component
final class RequestLogReport implements ReportPart {
    private final @Nullable RequestLogWriter writer;

    RequestLogReport(ObjectProvider<RequestLogWriter> writer) {
        this.writer = writer.getIfAvailable();
    }

    @Override
    public String name() {
        return "request_log";
    }

    /** Null when none is kept. */
    @Override
    public @Nullable Map<String, Object> tell() {
        if (writer == null) {
            return null;
        }
        RequestLogStatus status = writer.status();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("up", status.there());
        told.put("waiting", status.waiting());
        told.put("written", status.written());
        told.put("dropped", status.dropped());
        LogSize size = status.size();
        told.put("rows", size == null ? null : size.rows());
        told.put("bytes", size == null ? null : size.bytes());
        return told;
    }
}
