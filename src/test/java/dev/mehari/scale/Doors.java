package dev.mehari.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/** Clients and operators at the doors of the gateways, each asked by itself. */
final class Doors implements AutoCloseable {
    static final String ADMIN = "admin-key";

    private final IntFunction<String> urls;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param urls of the gateways by number */
    Doors(IntFunction<String> urls) {
        this.urls = urls;
    }

    JsonNode stats(int gateway) {
        return ErrorCheck.tree(admin("GET", gateway, "/stats", null).body());
    }

    /** Makes a key at one of them, as soon as its database is there. */
    String issue(int gateway, String fields) {
        HttpResponse<String> made = admin("POST", gateway, "/admin/keys", fields);
        for (int attempt = 0; made.statusCode() == 503 && attempt < 20; attempt++) {
            Eventually.passes(Duration.ofMillis(500));
            made = admin("POST", gateway, "/admin/keys", fields);
        }
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return ErrorCheck.tree(made.body()).path("key").asText();
    }

    HttpResponse<String> admin(String method, int gateway, String path, String body) {
        return send(method, urls.apply(gateway) + path, ADMIN, body);
    }

    int status(String method, int gateway, String path, String body) {
        try {
            return admin(method, gateway, path, body).statusCode();
        } catch (UncheckedIOException notYet) {
            return 0;
        }
    }

    HttpResponse<String> ask(int gateway, String key, String body) {
        return send("POST", urls.apply(gateway) + "/v1/chat/completions", key, body);
    }

    HttpResponse<String> send(String method, String url, String key, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** How many of {@code times} calls at once, spread over all gateways, are let in. */
    int letIn(int times, String key, String body) {
        List<Thread> threads = new ArrayList<>();
        List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < times; i++) {
            int gateway = i % Replicas.COUNT;
            threads.add(Thread.ofVirtual()
                    .start(() -> statuses.add(ask(gateway, key, body).statusCode())));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        }
        assertThat(statuses).hasSize(times).isSubsetOf(200, 429);
        return (int) statuses.stream().filter(status -> status == 200).count();
    }

    @Override
    public void close() {
        http.close();
    }
}
