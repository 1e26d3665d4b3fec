package dev.mehari;

import dev.mehari.config.ContentSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.TracingSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import dev.mehari.store.Database;
import dev.mehari.usage.CallLog;
import dev.mehari.usage.CallTotals;
import dev.mehari.usage.ContentText;
import dev.mehari.usage.ModelNames;
import dev.mehari.usage.Redaction;
import dev.mehari.usage.log.CallSeries;
import dev.mehari.usage.log.RequestLog;
import dev.mehari.usage.log.RequestLogWriter;
import dev.mehari.usage.metrics.CallMeters;
import dev.mehari.usage.metrics.LatencyBoard;
import dev.mehari.usage.trace.TraceBackends;
import dev.mehari.usage.trace.TraceWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Who observes calls. */
@Configuration(proxyBeanMethods = false)
class UsageBeans {
    @Bean(destroyMethod = "close")
    PrometheusMeterRegistry meterRegistry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean(destroyMethod = "close")
    JvmGcMetrics jvmMeters(MeterRegistry registry) {
        JvmGcMetrics collections = new JvmGcMetrics();
        for (MeterBinder meters : List.of(
                collections,
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics())) {
            meters.bindTo(registry);
        }
        return collections;
    }

    @Bean
    ModelNames modelNames(ModelGroups groups, Providers providers, MehariSettings settings) {
        Set<String> configured = new HashSet<>(groups.names());
        for (ModelGroup group : groups.all()) {
            group.members().forEach(member -> configured.add(member.deployment().model()));
        }
        for (Provider provider : providers.all()) {
            configured.addAll(provider.models());
        }
        return new ModelNames(configured, settings.metrics().maxModels());
    }

    @Bean
    CallTotals callTotals() {
        return new CallTotals();
    }

    @Bean
    CallLog callLog(Environment environment) {
        // With a configuration of the operator's own nobody knows.
        return new CallLog(
                Stream.of("logging.structured.format.console", "logging.structured.format.file", "logging.config")
                        .anyMatch(environment::containsProperty));
    }

    @Bean
    CallMeters callMeters(MeterRegistry registry, ModelNames models) {
        return new CallMeters(registry, models);
    }

    @Bean
    @ConditionalOnProperty(name = "mehari.metrics.latency", matchIfMissing = true)
    LatencyBoard latencyBoard(ModelNames models) {
        return new LatencyBoard(models);
    }

    /** Null when bodies are not captured. */
    @Bean
    @Nullable
    ContentText contentText(MehariSettings settings) {
        ContentSettings content = settings.content();
        if (!content.isCaptured()) {
            return null;
        }
        return new ContentText(redaction(content));
    }

    private static UnaryOperator<String> redaction(ContentSettings content) {
        return content.capture() == ContentSettings.Capture.REDACTED ? Redaction::of : UnaryOperator.identity();
    }

    @Bean
    @ConditionalOnProperty(name = "mehari.request-log.enabled", matchIfMissing = true)
    RequestLogWriter requestLogWriter(
            Database database, MehariSettings settings, ObjectProvider<ContentText> content, ModelNames models) {
        return new RequestLogWriter(
                database, settings.requestLog(), settings.environment(), content.getIfAvailable(), models);
    }

    /** Null when nobody is told of traces. */
    @Bean(destroyMethod = "close")
    @Nullable
    TraceWriter traceWriter(MehariSettings settings) {
        TracingSettings tracing = settings.tracing();
        tracing.require();
        if (!tracing.isOn()) {
            return null;
        }
        AttributesBuilder resource = Attributes.builder().put("service.name", tracing.serviceName());
        if (settings.environment() != null) {
            resource.put("deployment.environment.name", settings.environment());
        }
        return new TraceWriter(
                TraceBackends.of(tracing),
                Resource.getDefault().merge(Resource.create(resource.build())),
                settings.environment(),
                tracing.queue(),
                settings.content().isCaptured() ? redaction(settings.content()) : null);
    }

    @Bean
    RequestLog requestLog(Database database) {
        return new RequestLog(database);
    }

    @Bean
    CallSeries callSeries(Database database) {
        return new CallSeries(database);
    }
}
