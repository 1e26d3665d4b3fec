package dev.mehari.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three gateways with one Redis and one PostgreSQL behind a load balancer, on ports that they keep. */
final class Replicas implements AutoCloseable {
    static final int COUNT = 3;
    static final Duration SOON = Duration.ofSeconds(60);
    static final String KEY = "plain-key";
    private static final String ADMIN = "admin-key";

    private final Hosts hosts;
    private final Path folder;
    private final RedisServer redis = RedisServer.start();
    private final PostgresServer postgres = PostgresServer.start();
    private final String database = postgres.newDatabase();
    private final Wire toRedis;
    private final Wire toPostgres;
    private final int[] ports = new int[COUNT];
    private final GatewayProcess[] processes = new GatewayProcess[COUNT];
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LoadBalancer balancer;

    /** @param settings the application.yaml of all of them */
    Replicas(Hosts hosts, String settings) {
        this.hosts = hosts;
        this.toRedis = new Wire(hosts.stores(), redis.port());
        this.toPostgres = new Wire(hosts.stores(), postgres.port());
        try {
            folder = Files.createTempDirectory("replicas");
            Files.writeString(folder.resolve("application.yaml"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            all().forEach(gateway -> {
                ports[gateway] = RedisServer.freePort();
                start(gateway);
            });
            all().forEach(this::awaitReady);
            balancer = new LoadBalancer(addresses());
            all().forEach(this::awaitShared);
            all().forEach(this::warmUp);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    static IntStream all() {
        return IntStream.range(0, COUNT);
    }

    /** Starts one, without waiting for it. */
    void start(int gateway) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", Integer.toString(ports[gateway]));
        environment.put("HOST", hosts.address(gateway));
        environment.put("REDIS_URL", "redis://" + hosts.stores() + ":" + toRedis.port());
        environment.put(
                "DATABASE_URL",
                database.replace("127.0.0.1:" + postgres.port(), hosts.stores() + ":" + toPostgres.port()));
        environment.put("MEHARI_API_KEYS", KEY);
        environment.put("MEHARI_ADMIN_KEY", ADMIN);
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m");
        processes[gateway] = GatewayProcess.start(hosts.command(gateway), folder, environment);
    }

    void awaitReady(int gateway) {
        processes[gateway].port();
        Eventually.holds(
                SOON, "gateway " + gateway + " is ready", () -> status("GET", gateway, "/health/ready", null) == 200);
    }

    /** Each has had a call of an issued key, and so to do with both stores, before anything is measured. */
    private void warmUp(int gateway) {
        String key = issue(gateway, "{\"name\":\"warm-up\",\"rpm\":1000}");
        Eventually.holds(
                SOON,
                "gateway " + gateway + " serves an issued key",
                () -> ask(gateway, key, Load.body("demo-delay-0", false, "hello"))
                                .statusCode()
                        == 200);
    }

    /** Waits until it shares its limits and its answers with the others. */
    void awaitShared(int gateway) {
        Eventually.holds(SOON, "gateway " + gateway + " shares", () -> isShared(gateway));
    }

    void awaitAlone(int gateway) {
        Eventually.holds(SOON, "gateway " + gateway + " misses Redis", () -> !isShared(gateway));
    }

    boolean isShared(int gateway) {
        JsonNode stats = stats(gateway);
        return stats.findValues("redis").stream()
                .filter(JsonNode::isObject)
                .allMatch(redis -> redis.path("state").asText().equals("shared"));
    }

    JsonNode stats(int gateway) {
        return ErrorCheck.tree(admin("GET", gateway, "/stats", null).body());
    }

    /** {@code host:port}. */
    String address(int gateway) {
        return hosts.address(gateway) + ":" + ports[gateway];
    }

    String url(int gateway) {
        return "http://" + address(gateway);
    }

    GatewayProcess process(int gateway) {
        return processes[gateway];
    }

    LoadBalancer balancer() {
        return balancer;
    }

    /** The addresses of all but one. */
    List<String> without(int gateway) {
        return all().filter(other -> other != gateway).mapToObj(this::address).toList();
    }

    List<String> addresses() {
        return all().mapToObj(this::address).toList();
    }

    RedisServer redis() {
        return redis;
    }

    PostgresServer postgres() {
        return postgres;
    }

    Wire toRedis() {
        return toRedis;
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
        return send(method, url(gateway) + path, ADMIN, body);
    }

    int status(String method, int gateway, String path, String body) {
        try {
            return admin(method, gateway, path, body).statusCode();
        } catch (UncheckedIOException notYet) {
            return 0;
        }
    }

    HttpResponse<String> ask(int gateway, String key, String body) {
        return send("POST", url(gateway) + "/v1/chat/completions", key, body);
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
            int gateway = i % COUNT;
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

    /** What the gateways said last, beside the report. */
    private void keepLogs() {
        try {
            Path logs = Files.createDirectories(Path.of("target/scale-report/logs"));
            for (int gateway = 0; gateway < COUNT; gateway++) {
                if (processes[gateway] != null) {
                    Files.writeString(
                            logs.resolve(ports[gateway] + "-gateway-" + gateway + ".log"), processes[gateway].output());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (balancer != null) {
            balancer.close();
        }
        for (GatewayProcess process : processes) {
            if (process != null) {
                process.close();
            }
        }
        keepLogs();
        toRedis.close();
        toPostgres.close();
        http.close();
        redis.close();
        postgres.close();
        hosts.close();
    }
}
