package dev.mehari.edge;

import java.util.Map;

/** A part of {@code GET /stats} that a room of its own tells. Thread-safe. */
public interface ReportPart {
    /** The field of the report. */
    String name();

    /** Plain values, lists and maps. */
    Map<String, Object> tell();
}
