package dev.mehari.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of {@code GET /stats} that a room of its own tells. Thread-safe. */
public interface ReportPart {
    /** The field of the report. */
    String name();

    /** Plain values, lists and maps; null: there is nothing of the kind here. */
    @Nullable
    Map<String, Object> tell();
}
