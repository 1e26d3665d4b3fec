package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.StreamCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks the gateway with one key, and holds every stream to the order of its API. Thread-safe. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final String key;

    Client(int port, String key) {
        this.port = port;
        this.key = key;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, null);
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, json);
    }

    HttpResponse<String> send(String method, String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + key)
                        .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString());
        StreamCheck.check(path, answer.headers().firstValue("content-type").orElse(null), answer.body());
        return answer;
    }

    /** The body of an answer with that status. */
    JsonNode json(String method, String path, String json, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return ErrorCheck.tree(answer.body());
    }

    /** The body of a stream that was begun. */
    String stream(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(path, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        return answer.body();
    }

    /** A connection of its own, on which a chat call has been asked for. */
    RawClient ask(String json) {
        return new RawClient(port).ask(json, "authorization", "Bearer " + key);
    }

    /** A connection of its own, on which that page has been asked for. */
    RawClient open(String path) {
        return new RawClient(port)
                .send("GET " + path + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer " + key + "\r\n\r\n");
    }

    /** The same gateway with another key. */
    Client with(String other) {
        return new Client(port, other);
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
