/**
 * What the gateway tells of itself: {@code /health}, {@code /stats}, {@code /metrics} and {@code /metrics/latency}.
 * Each part of {@code /stats} is a {@code ReportPart}; a room above this one brings its own.
 */
@NullMarked
package dev.mehari.report;

import org.jspecify.annotations.NullMarked;
