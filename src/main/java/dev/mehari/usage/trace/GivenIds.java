package dev.mehari.usage.trace;

import io.opentelemetry.sdk.trace.IdGenerator;

/** Gives the next span the ids that follow from its call ({@link TraceIds}). For one thread. */
final class GivenIds implements IdGenerator {
    private String trace = "";
    private String span = "";

    void next(String trace, String span) {
        this.trace = trace;
        this.span = span;
    }

    @Override
    public String generateTraceId() {
        return trace;
    }

    @Override
    public String generateSpanId() {
        return span;
    }
}
