package dev.mehari.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.metrics}. Immutable.
 *
 * @param latency whether times are measured for {@code GET /metrics/latency}; else it is 404
 * @param headers whether answers carry their times in headers
 * @param routes whether Camel's own meters for each route are there too; they cost a microsecond a step
 * @param maxModels how many different models are told apart; all others are {@code other}
 */
public record MetricsSettings(
        @DefaultValue("true") boolean latency,
        @DefaultValue("true") boolean headers,
        @DefaultValue("false") boolean routes,
        @DefaultValue("200") int maxModels) {}
