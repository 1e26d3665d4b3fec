package dev.mehari.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A backend of traces: reads OTLP as protobuf, and Langfuse's batches. Answers with the status it was told. */
public final class TraceReceiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> resources = new CopyOnWriteArrayList<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    public TraceReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new AssertionError(noPort);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (exchange;
                InputStream raw = exchange.getRequestBody();
                InputStream body = zipped ? new GZIPInputStream(raw) : raw) {
            byte[] bytes = body.readAllBytes();
            headers.add(exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(
                            header -> header.getKey().toLowerCase(java.util.Locale.ROOT),
                            header -> header.getValue().getFirst())));
            if (status == 200 && exchange.getRequestURI().getPath().endsWith("/v1/traces")) {
                for (ResourceSpans each :
                        ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList()) {
                    resources.add(each);
                    each.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
                }
                exchange.sendResponseHeaders(200, -1);
            } else if (status == 200) {
                JSON.readTree(bytes).path("batch").forEach(events::add);
                byte[] answer = "{\"successes\":[],\"errors\":[]}".getBytes();
                exchange.sendResponseHeaders(207, answer.length);
                exchange.getResponseBody().write(answer);
            } else {
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on it answers so. */
    public void answer(int status) {
        this.status = status;
    }

    /** Forgets what came before. */
    public void reset() {
        status = 200;
        spans.clear();
        events.clear();
        headers.clear();
    }

    /** Waits until so many spans have come. */
    public List<Span> await(int count) {
        Eventually.holds(Duration.ofSeconds(15), count + " spans come", () -> spans.size() >= count);
        return List.copyOf(spans);
    }

    /** The same of a batch's events. */
    public List<JsonNode> awaitEvents(int count) {
        Eventually.holds(Duration.ofSeconds(15), count + " events come", () -> events.size() >= count);
        return List.copyOf(events);
    }

    /** Of the requests that came. */
    public List<Map<String, String>> headers() {
        return headers;
    }

    public Map<String, Object> resource() {
        return attributes(resources.getFirst().getResource().getAttributesList());
    }

    public static Map<String, Object> attributes(Span span) {
        return attributes(span.getAttributesList());
    }

    public static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Map<String, Object> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, each -> value(each.getValue())));
    }

    private static Object value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(TraceReceiver::value)
                        .toList();
            case KVLIST_VALUE, BYTES_VALUE, VALUE_NOT_SET -> throw new AssertionError("not expected: " + value);
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
