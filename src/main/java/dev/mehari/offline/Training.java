package dev.mehari.offline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * A short life of the gateway from which the JVM makes an AOT cache (JEP 514): which classes it loads, how it links them,
 * which methods are hot (JEP 515). It is its own client and its own upstream: the providers {@code openai} and {@code
 * anthropic} lead back to its own doors, behind which {@code demo} answers. So both sides of the transport are used, and
 * nobody else is asked.
 */
public final class Training {
    private static final Logger log = LoggerFactory.getLogger(Training.class);

    /** A hundred made the cache larger by 15 MB, and neither start nor first answer faster. */
    private static final int ROUNDS = 3;

    private static final String CHAT = """
            {"model": "demo-delay-0", "temperature": 0, "messages": [{"role": "user", "content": "round %d"}]%s}""";
    private static final String TOOLS = """
            , "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]""";
    private static final String STREAM = ", \"stream\": true";
    private static final String ANSWER_SIZE = ", \"max_tokens\": 99";

    private final URI base;
    private final String adminKey = UUID.randomUUID().toString();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Class<?> application;

    private Training(Class<?> application, int port) {
        this.application = application;
        this.base = URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Serves the calls and stops.
     *
     * @param application what Spring puts the gateway together from
     * @return the exit code
     */
    public static int run(Class<?> application) {
        try {
            Path folder = Files.createTempDirectory("mehari-train");
            try {
                Training training = new Training(application, freePort());
                try (ConfigurableApplicationContext gateway = training.start(folder)) {
                    training.serve();
                }
                training.http.close();
            } finally {
                FileSystemUtils.deleteRecursively(folder);
            }
            return 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** Nothing of the surroundings is used: neither settings nor stores nor keys. */
    private ConfigurableApplicationContext start(Path folder) {
        SpringApplication gateway = new SpringApplication(application);
        gateway.setBannerMode(Banner.Mode.OFF);
        return gateway.run(
                "--spring.config.location=classpath:/",
                "--server.address=127.0.0.1",
                "--server.port=" + base.getPort(),
                "--server.ssl.certificate=",
                "--server.ssl.certificate-private-key=",
                "--mehari.access.api-keys=",
                "--mehari.access.admin-key=" + adminKey,
                "--mehari.default-provider=",
                "--mehari.database.url=jdbc:sqlite:" + folder.resolve("train.db"),
                "--mehari.redis.url=",
                "--mehari.tracing.endpoint=",
                "--mehari.tracing.langfuse.public-key=",
                "--mehari.tracing.langfuse.secret-key=",
                "--mehari.providers.openai.base-url=" + base + "/v1",
                "--mehari.providers.openai.api-key=any",
                "--mehari.providers.anthropic.base-url=" + base,
                "--mehari.providers.anthropic.api-key=any");
    }

    private void serve() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            // Each API, whole and as a stream; answered here, passed through, and translated on the way out.
            for (String provider : new String[] {"demo", "openai", "anthropic"}) {
                for (String more : new String[] {"", STREAM, TOOLS}) {
                    post("/v1/chat/completions", provider, CHAT.formatted(round, more));
                    post(
                            "/v1/messages",
                            provider,
                            CHAT.formatted(round, ANSWER_SIZE + (TOOLS.equals(more) ? "" : more)));
                }
                post("/v1/responses", provider, "{\"model\": \"demo-delay-0\", \"input\": \"round " + round + "\"}");
            }
            post("/v1/embeddings", "demo", "{\"model\": \"demo-embedding\", \"input\": \"round " + round + "\"}");
        }
        for (String path : new String[] {
            "/v1/models",
            "/v1/providers",
            "/stats",
            "/metrics",
            "/health",
            "/dashboard",
            "/admin/requests",
            "/admin/usage"
        }) {
            send(HttpRequest.newBuilder(base.resolve(path))
                    .header("authorization", "Bearer " + adminKey)
                    .build());
        }
    }

    private void post(String path, String provider, String body) throws IOException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(base.resolve(path))
                .header("content-type", "application/json")
                .header("x-provider", provider)
                .POST(BodyPublishers.ofString(body))
                .build());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    path + " of " + provider + " was " + answer.statusCode() + ": " + answer.body());
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }
}
