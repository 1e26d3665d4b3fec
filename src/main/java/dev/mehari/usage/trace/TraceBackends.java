package dev.mehari.usage.trace;

import dev.mehari.config.TracingSettings;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Where traces go, as the settings say. */
public final class TraceBackends {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private TraceBackends() {}

    /** All of them as one. */
    public static SpanExporter of(TracingSettings settings) {
        List<SpanExporter> all = new ArrayList<>(2);
        String endpoint = settings.endpoint();
        if (endpoint != null) {
            OtlpHttpSpanExporterBuilder builder = otlp(endpoint.replaceAll("/+$", "") + "/v1/traces");
            TracingSettings.headers(settings.headers()).forEach(builder::addHeader);
            all.add(builder.build());
        }
        TracingSettings.Langfuse langfuse = settings.langfuse();
        if (langfuse.isOn()) {
            String authorization = "Basic "
                    + Base64.getEncoder()
                            .encodeToString((langfuse.publicKey() + ':' + langfuse.secretKey())
                                    .getBytes(StandardCharsets.UTF_8));
            all.add(
                    langfuse.legacy()
                            ? new LangfuseBatch(langfuse.baseUrl(), authorization)
                            : otlp(langfuse.baseUrl() + "/api/public/otel/v1/traces")
                                    .addHeader("Authorization", authorization)
                                    // Written at once; without it a trace shows after ten minutes.
                                    .addHeader("x-langfuse-ingestion-version", "4")
                                    .build());
        }
        return SpanExporter.composite(all);
    }

    private static OtlpHttpSpanExporterBuilder otlp(String endpoint) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint)
                .setCompression("gzip")
                .setConnectTimeout(PATIENCE)
                .setTimeout(PATIENCE);
    }
}
