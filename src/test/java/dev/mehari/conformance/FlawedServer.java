package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mehari.chat.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An endpoint that is sound but for the one flaw that it is given. */
final class FlawedServer implements AutoCloseable {
    static final String KEY = "sound-key";
    static final String MODEL = "flawed-1";
    private static final Duration HELD = Duration.ofMillis(700);

    static {
        // Else each record would wait until the one before it is acknowledged.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Flaw flaw;
    private final HttpServer server;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger successes = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    FlawedServer(Flaw flaw) {
        this.flaw = flaw;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        SoundReply reply = reply(exchange, body);
        flaw.apply(reply);
        reply.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("content-type", reply.type);
        inFlight.incrementAndGet();
        try (exchange) {
            // 0: chunked, as long as it lasts.
            exchange.sendResponseHeaders(reply.status, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                if (reply.chunks.isEmpty()) {
                    out.write(reply.body.getBytes(StandardCharsets.UTF_8));
                } else {
                    stream(reply, out);
                }
            }
            successes.incrementAndGet();
        } catch (IOException gone) {
            left.incrementAndGet();
            if (flaw == Flaw.CALLS_GO_ON_WITHOUT_CLIENTS) {
                return;
            }
        }
        inFlight.decrementAndGet();
    }

    private void stream(SoundReply reply, OutputStream out) throws IOException {
        List<String> records = new ArrayList<>();
        reply.chunks.forEach(chunk -> records.add(chunk.toString()));
        records.addAll(reply.ends);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String record : records) {
            byte[] bytes = flaw.bytes(reply.before + "data: " + record + reply.lineEnd + reply.lineEnd);
            all.writeBytes(bytes);
            if (!reply.held) {
                out.write(bytes);
                out.flush();
                LockSupport.parkNanos(flaw.pace().toNanos());
            }
        }
        if (reply.held) {
            LockSupport.parkNanos(HELD.toNanos());
            out.write(all.toByteArray());
        }
    }

    private SoundReply reply(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/v1", "");
        JsonNode request = ChatStream.tree(new String(body, StandardCharsets.UTF_8));
        SoundReply reply = new SoundReply(
                request, body.length, "gzip".equals(exchange.getRequestHeaders().getFirst("accept-encoding")));
        String key = exchange.getRequestHeaders().getFirst("authorization");
        if (path.equals("/stats")) {
            return reply.json(stats());
        }
        if (!("Bearer " + KEY).equals(key)) {
            return reply.fail(401, "invalid_api_key");
        }
        return switch (path) {
            case "/chat/completions" -> chat(exchange, reply);
            case "/models" -> reply.json(models());
            case "/models/" + MODEL -> reply.json(models().path("data").path(0));
            default -> reply.fail(404, "not_found");
        };
    }

    private static SoundReply chat(HttpExchange exchange, SoundReply reply) {
        JsonNode request = reply.request;
        if (!exchange.getRequestMethod().equals("POST")) {
            return reply.fail(405, "method_not_supported");
        }
        if (!"application/json".equals(exchange.getRequestHeaders().getFirst("content-type"))) {
            return reply.fail(415, "unsupported_content_type");
        }
        if (!request.isObject() || !request.path("messages").isArray()) {
            return reply.fail(400, "missing_required_parameter");
        }
        if (!request.path("model").asText().equals(MODEL)) {
            return reply.fail(404, "model_not_found");
        }
        String asked = request.path("messages").path(0).path("content").asText();
        boolean answered = request.path("messages").size() > 1;
        if (request.has("tools") && !answered) {
            List<String> functions = new ArrayList<>();
            request.path("tools")
                    .forEach(tool ->
                            functions.add(tool.path("function").path("name").asText()));
            return reply.chat(List.of(), functions);
        }
        if (request.has("response_format")) {
            return reply.chat(List.of("{\"city\":\"Zürich\",", "\"population\":440000}"), List.of());
        }
        if (asked.equals(Prompts.LONG)) {
            return reply.chat(
                    Arrays.asList("and so on ".repeat(30).split("(?<= )")).subList(0, 60), List.of());
        }
        return asked.contains(Prompts.SIGNS)
                ? reply.chat(List.of("Grüße, 日", "本語, 🌍, ", "👩‍👩‍👧"), List.of())
                : reply.chat(List.of("Hello", " to", " you."), List.of());
    }

    private static ObjectNode models() {
        ObjectNode list = Json.MAPPER.createObjectNode().put("object", "list");
        list.putArray("data")
                .addObject()
                .put("id", MODEL)
                .put("object", "model")
                .put("created", 1_764_000_000)
                .put("owned_by", "nobody");
        return list;
    }

    private ObjectNode stats() {
        ObjectNode stats = Json.MAPPER.createObjectNode();
        stats.putArray("groups");
        ObjectNode model = stats.putArray("models").addObject();
        model.put("name", "flawed/" + MODEL).put("in_flight", inFlight.get()).put("successes", successes.get());
        model.putObject("failures").put("client_gone", left.get());
        return stats;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
