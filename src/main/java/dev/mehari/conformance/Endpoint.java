package dev.mehari.conformance;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a target. HTTP/1.1, so that leaving a stream closes its connection. Never throws for what the
 * endpoint does: a failure is part of the answer. One thread at a time.
 */
final class Endpoint implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Target target;
    private final Duration timeout;
    private final HttpClient http;

    Endpoint(Target target, Duration timeout) {
        this.target = target;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
                .build();
    }

    Target target() {
        return target;
    }

    Duration timeout() {
        return timeout;
    }

    Answer send(Ask ask) {
        return send(ask, Integer.MAX_VALUE);
    }

    /**
     * The same; when the endpoint has enough of us for now, waits as long as it says, and asks once more. What is seen of an
     * endpoint must not depend on how much was asked of it before.
     */
    Answer sendPatiently(Ask ask) {
        Answer answer = send(ask);
        String wait = answer.header("retry-after");
        if (answer.status() != 429 || !wait.matches("\\d{1,2}")) {
            return answer;
        }
        LockSupport.parkNanos(Duration.ofSeconds(Long.parseLong(wait)).toNanos());
        return send(ask);
    }

    /** @param enough leaves, without reading on, once so many bytes have come */
    Answer send(Ask ask, int enough) {
        HttpRequest request = request(ask);
        long sent = System.nanoTime();
        try {
            // Asynchronous: so the wait for the body can be bounded too, which HttpRequest.timeout does not do.
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
                    http.sendAsync(request, BodyHandlers.ofPublisher()).get();
            Pieces pieces = new Pieces();
            response.body().subscribe(pieces);
            String failure = pieces.read(timeout, enough, request.uri());
            return new Answer(response.statusCode(), headers(response), pieces.all(), sent, failure);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            return none(sent, Failure.text(cause, request.uri(), timeout));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return none(sent, "interrupted");
        }
    }

    private HttpRequest request(Ask ask) {
        URI uri = ask.rooted() ? target.root(ask.path()) : target.uri(ask.path());
        byte[] body = ask.body();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .method(ask.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        Map<String, String> headers = new TreeMap<>(ask.headers());
        if (target.key() != null) {
            headers.putIfAbsent("authorization", "Bearer " + target.key());
        }
        headers.putIfAbsent("user-agent", "mehari-conformance");
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) {
                request.setHeader(name, value);
            }
        });
        return request.build();
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        Map<String, String> headers = new TreeMap<>();
        response.headers()
                .map()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return headers;
    }

    private static Answer none(long sent, @Nullable String failure) {
        return new Answer(0, Map.of(), List.of(), sent, failure);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
