package dev.mehari.scale;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three gateways with one Redis and one PostgreSQL behind a load balancer, on ports that they keep. */
final class Replicas implements AutoCloseable {
    static final int COUNT = 3;
    static final Duration SOON = Duration.ofSeconds(60);
    static final String KEY = "plain-key";

    private final Hosts hosts;
    private final Path folder;
    private final RedisServer redis = RedisServer.start();
    private final PostgresServer postgres = PostgresServer.start();
    private final String database = postgres.newDatabase();
    private final Wire toRedis;
    private final Wire toPostgres;
    private final int[] ports = new int[COUNT];
    private final GatewayProcess[] processes = new GatewayProcess[COUNT];
    private final Doors doors = new Doors(this::url);
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
        environment.put("MEHARI_ADMIN_KEY", Doors.ADMIN);
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m");
        processes[gateway] = GatewayProcess.start(hosts.command(gateway), folder, environment);
    }

    void awaitReady(int gateway) {
        processes[gateway].port();
        Eventually.holds(
                SOON,
                "gateway " + gateway + " is ready",
                () -> doors.status("GET", gateway, "/health/ready", null) == 200);
    }

    /** Each has had a call of an issued key, and so to do with both stores, before anything is measured. */
    private void warmUp(int gateway) {
        String key = doors.issue(gateway, "{\"name\":\"warm-up\",\"rpm\":1000}");
        Eventually.holds(
                SOON,
                "gateway " + gateway + " serves an issued key",
                () -> doors.ask(gateway, key, Load.body("demo-delay-0", false, "hello"))
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
        JsonNode stats = doors.stats(gateway);
        return stats.findValues("redis").stream()
                .filter(JsonNode::isObject)
                .allMatch(redis -> redis.path("state").asText().equals("shared"));
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

    Doors doors() {
        return doors;
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

    Wire toPostgres() {
        return toPostgres;
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
        doors.close();
        redis.close();
        postgres.close();
        hosts.close();
    }
}
