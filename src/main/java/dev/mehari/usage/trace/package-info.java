/**
 * Traces: each call as OpenTelemetry spans, to any OTLP backend and to Langfuse. Made off the path of the call, after it is
 * over; what cannot be sent in time is dropped and counted.
 */
@NullMarked
package dev.mehari.usage.trace;

import org.jspecify.annotations.NullMarked;
