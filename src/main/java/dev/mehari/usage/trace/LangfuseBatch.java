package dev.mehari.usage.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.usage.GenAi;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans by Langfuse's batch API ({@code POST /api/public/ingestion}), for servers that have no OTLP yet. A span of the
 * gateway's own becomes a trace with a span in it, one of an attempt a generation. Called by one thread at a time.
 */
final class LangfuseBatch implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(LangfuseBatch.class);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI address;
    private final String authorization;

    LangfuseBatch(String baseUrl, String authorization) {
        this.address = URI.create(baseUrl + "/api/public/ingestion");
        this.authorization = authorization;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        ArrayNode batch = JSON.arrayNode();
        for (SpanData span : spans) {
            if (span.getKind() == SpanKind.SERVER) {
                event(batch, "trace-create", span, trace(span));
                event(batch, "span-create", span, observation(span));
            } else {
                event(batch, "generation-create", span, generation(span));
            }
        }
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("authorization", authorization)
                .POST(BodyPublishers.ofByteArray(Json.bytes(JSON.objectNode().set("batch", batch))))
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            return isTaken(answer) ? CompletableResultCode.ofSuccess() : CompletableResultCode.ofFailure();
        } catch (IOException away) {
            return CompletableResultCode.ofFailure();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return CompletableResultCode.ofFailure();
        }
    }

    /** 207 even when it has refused events; which ones stands in its body. */
    private static boolean isTaken(HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 != 2) {
            log.warn("Langfuse answered a batch of traces with {}", answer.statusCode());
            return false;
        }
        JsonNode errors = read(answer.body()).path("errors");
        if (!errors.isEmpty()) {
            log.warn(
                    "Langfuse refused {} events of a batch, the first with: {}",
                    errors.size(),
                    errors.get(0)
                            .path("message")
                            .asText(errors.get(0).path("status").asText()));
        }
        return true;
    }

    private static JsonNode read(byte[] json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException unreadable) {
            return JSON.missingNode();
        }
    }

    private static void event(ArrayNode batch, String type, SpanData span, ObjectNode body) {
        batch.addObject()
                .put("id", type + '-' + span.getSpanId())
                .put("timestamp", Instant.now().toString())
                .put("type", type)
                .set("body", body);
    }

    private static ObjectNode trace(SpanData span) {
        ObjectNode trace = JSON.objectNode()
                .put("id", span.getTraceId())
                .put("timestamp", time(span.getStartEpochNanos()))
                .put("name", text(span, Langfuse.TRACE_NAME, span.getName()))
                .put("userId", text(span, Langfuse.USER, null))
                .put("sessionId", text(span, Langfuse.SESSION, null))
                .put("environment", text(span, Langfuse.ENVIRONMENT, null));
        trace.set("input", json(span, Langfuse.INPUT));
        trace.set("output", json(span, Langfuse.OUTPUT));
        ArrayNode tags = trace.putArray("tags");
        if (span.getAttributes().get(Langfuse.TAGS) != null) {
            span.getAttributes().get(Langfuse.TAGS).forEach(tags::add);
        }
        trace.set("metadata", metadata(span));
        return trace;
    }

    private static ObjectNode observation(SpanData span) {
        ObjectNode told = JSON.objectNode()
                .put("id", span.getSpanId())
                .put("traceId", span.getTraceId())
                .put("name", span.getName())
                .put("startTime", time(span.getStartEpochNanos()))
                .put("endTime", time(span.getEndEpochNanos()))
                .put("level", text(span, Langfuse.LEVEL, "DEFAULT"))
                .put("statusMessage", text(span, Langfuse.MESSAGE, null))
                .put("environment", text(span, Langfuse.ENVIRONMENT, null));
        told.set("input", json(span, Langfuse.INPUT));
        told.set("output", json(span, Langfuse.OUTPUT));
        told.set("metadata", metadata(span));
        return told;
    }

    private static ObjectNode generation(SpanData span) {
        ObjectNode told = observation(span)
                .put("parentObservationId", span.getParentSpanId())
                .put("model", text(span, Langfuse.MODEL, null))
                .put("completionStartTime", text(span, Langfuse.FIRST_TOKEN, null));
        told.set("usageDetails", json(span, Langfuse.USAGE));
        told.set("costDetails", json(span, Langfuse.COST));
        ObjectNode parameters = told.putObject("modelParameters");
        span.getAttributes().forEach((key, value) -> {
            boolean isParameter = key.getKey().startsWith(GenAi.REQUEST) && !key.equals(GenAi.REQUEST_MODEL);
            if (isParameter) {
                parameters.set(key.getKey().substring(GenAi.REQUEST.length()), Json.MAPPER.valueToTree(value));
            }
        });
        return told;
    }

    private static ObjectNode metadata(SpanData span) {
        ObjectNode metadata = JSON.objectNode();
        for (Map.Entry<AttributeKey<?>, Object> entry :
                span.getAttributes().asMap().entrySet()) {
            String name = entry.getKey().getKey();
            String own = name.startsWith("langfuse.trace.metadata.")
                    ? name.substring("langfuse.trace.metadata.".length())
                    : isToldAsItIs(name) ? name : "";
            if (!own.isEmpty()) {
                metadata.set(own, Json.MAPPER.valueToTree(entry.getValue()));
            }
        }
        return metadata;
    }

    private static boolean isToldAsItIs(String name) {
        return name.startsWith("mehari.")
                || name.startsWith("http.")
                || name.equals(GenAi.RESPONSE_ID.getKey())
                || name.equals(GenAi.ERROR.getKey());
    }

    private static @Nullable String text(SpanData span, AttributeKey<String> key, @Nullable String otherwise) {
        String text = span.getAttributes().get(key);
        return text == null ? otherwise : text;
    }

    private static @Nullable JsonNode json(SpanData span, AttributeKey<String> key) {
        String text = span.getAttributes().get(key);
        if (text == null) {
            return null;
        }
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException plain) {
            return JSON.textNode(text);
        }
    }

    private static String time(long epochNanos) {
        return Instant.ofEpochSecond(0, epochNanos).toString();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        client.close();
        return CompletableResultCode.ofSuccess();
    }
}
