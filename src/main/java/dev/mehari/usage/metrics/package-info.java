/** Calls as numbers: percentiles of times, and meters for Prometheus. */
@NullMarked
package dev.mehari.usage.metrics;

import org.jspecify.annotations.NullMarked;
