package dev.mehari.testing;

import dev.mehari.Mehari;
import dev.mehari.transport.HttpServers;
import dev.mehari.usage.CallRecord;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The whole gateway in this process, on a free port of the loopback. */
public final class Gateway implements AutoCloseable {
    /** Let go of when it is closed: test classes keep their gateways in static fields, and each holds some 16 MB. */
    private volatile @Nullable ConfigurableApplicationContext context;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Gateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it with settings such as {@code mehari.streaming.keep-alive=1s}, which win over application.yaml. */
    public static Gateway start(String... settings) {
        return start(context -> {}, settings);
    }

    /** The same on other ground than its own, for whoever has to decide how names are resolved. */
    public static Gateway on(Vertx vertx, String... settings) {
        return start(
                context -> context.registerBean("vertx", Vertx.class, () -> vertx),
                Stream.concat(
                                Stream.of(
                                        "spring.main.allow-bean-definition-overriding=true",
                                        "mehari.transport.event-loops=1"),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    private static Gateway start(Consumer<GenericApplicationContext> beans, String... settings) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--server.port=0");
        arguments.add("--spring.lifecycle.timeout-per-shutdown-phase=3s");
        // Given twice, a setting would become a list of both.
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("mehari.providers.ollama.base-url="))) {
            arguments.add("--mehari.providers.ollama.base-url=http://127.0.0.1:9");
        }
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("mehari.database.url="))) {
            arguments.add("--mehari.database.url=jdbc:sqlite:" + newFolder().resolve("mehari.db"));
        }
        // Most tests have no use for a database of all their calls.
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("mehari.request-log."))) {
            arguments.add("--mehari.request-log.enabled=false");
        }
        Stream.of(settings).map(setting -> "--" + setting).forEach(arguments::add);
        return new Gateway(new SpringApplicationBuilder(Mehari.class)
                .logStartupInfo(false)
                .web(WebApplicationType.NONE)
                .initializers(context -> {
                    GenericApplicationContext ours = (GenericApplicationContext) context;
                    ours.registerBean(SeenCalls.class);
                    beans.accept(ours);
                })
                .run(arguments.toArray(String[]::new)));
    }

    /** Each gateway has a database of its own, if it comes to need one. */
    private static Path newFolder() {
        try {
            return Files.createTempDirectory("mehari");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it with provider {@code openai} at the given upstream. */
    public static Gateway before(ScriptedUpstream upstream, String... settings) {
        return start(Stream.concat(
                        Stream.of(
                                "mehari.providers.openai.base-url=" + upstream.url(),
                                "mehari.providers.openai.api-key=upstream-key",
                                "mehari.providers.openai.pool.warm-up=0"),
                        Stream.of(settings))
                .toArray(String[]::new));
    }

    public int port() {
        return bean(HttpServers.class).port();
    }

    /** Its address without a path. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public <T> T bean(Class<T> type) {
        return open().getBean(type);
    }

    /** All beans of that type. */
    public <T> Collection<T> beans(Class<T> type) {
        return open().getBeansOfType(type).values();
    }

    /** The record of a call, once it is over. */
    public CallRecord call(HttpResponse<?> answer) {
        return bean(SeenCalls.class)
                .await(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    /** Posts a JSON body and waits for the whole answer. */
    public HttpResponse<String> post(String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    public HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    /** Posts to the chat door. */
    public HttpResponse<String> chat(String json, String... headers) {
        return post("/v1/chat/completions", json, headers);
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            String type = answer.headers().firstValue("content-type").orElse(null);
            String query = request.uri().getQuery();
            if (query == null || !query.contains("starting_after")) {
                StreamCheck.check(request.uri().getPath(), type, answer.body());
            }
            return answer;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        http.close();
        ConfigurableApplicationContext open = context;
        if (open != null) {
            open.close();
            context = null;
        }
    }

    private ConfigurableApplicationContext open() {
        ConfigurableApplicationContext open = context;
        if (open == null) {
            throw new IllegalStateException("this gateway is closed");
        }
        return open;
    }
}
