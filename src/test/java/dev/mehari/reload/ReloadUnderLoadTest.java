package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Routes are edited, broken, added, moved and deleted while calls and streams go on: none fails, none loses an event, and
 * nothing is left behind. {@code -Dreload.load=long} for 50 edits of each kind at 500 calls a second.
 */
class ReloadUnderLoadTest {
    private static final boolean LONG = "long".equals(System.getProperty("reload.load"));
    private static final int EDITS = LONG ? 50 : 8;
    private static final int CALLS_A_SECOND = LONG ? 500 : 100;
    private static final int STREAMS = LONG ? 50 : 10;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String JSON = "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = "{\"model\":\"demo-slow\",\"stream\":true,\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"a long story, if you please\"}]}";

    @TempDir
    private Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong slowestMillis = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> eventsOfStreams = new ConcurrentSkipListMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<WeakReference<CamelContext>> contexts = new ArrayList<>();
    private long slowestVisibleMillis;

    @Test
    void noCallAndNoEventOfAStreamIsLostWhileRoutesComeAndGo() throws Exception {
        String where = RoutesFolder.edited(folder);
        try (Gateway gateway = Gateway.start(where, "mehari.demo.word-delay=30ms");
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            RouteSchema.load();
            edit(gateway, folder.resolve("chat.camel.yaml"), "One call", "Any call");
            List<Thread> load = load(gateway, client);
            Eventually.holds(SOON, "calls and streams are under way", () -> calls.get() > 50 && streams.get() > 0);
            int threads = Thread.activeCount();
            int routes = gateway.bean(LiveRoutes.class).live().camel().getRoutesSize();

            editAll(gateway);
            breakAndMend(gateway);
            addMoveAndDelete(gateway);

            over.countDown();
            for (Thread caller : load) {
                caller.join();
            }
            System.out.printf(
                    "reload under load: %d calls, %d streams, %d generations; slowest call %d ms, slowest to be"
                            + " visible %d ms%n",
                    calls.get(),
                    streams.get(),
                    gateway.bean(LiveRoutes.class).live().number(),
                    slowestMillis.get(),
                    slowestVisibleMillis);
            assertThat(failures).isEmpty();
            assertThat(eventsOfStreams)
                    .as("number of events -> streams that had it")
                    .hasSize(1);
            nothingIsLeft(gateway, threads, routes);
        }
    }

    /** Each file in turn, doors and error routes included. */
    private void editAll(Gateway gateway) throws IOException {
        List<Path> files = files();
        for (int i = 0; i < EDITS; i++) {
            Path file = files.get(i * files.size() / EDITS);
            String text = Files.readString(file);
            String description = text.lines()
                    .filter(line -> line.contains("description:"))
                    .findFirst()
                    .orElseThrow()
                    .strip();
            edit(gateway, file, description, description + " " + i);
        }
    }

    private void edit(Gateway gateway, Path file, String words, String others) throws IOException {
        LiveRoutes routes = gateway.bean(LiveRoutes.class);
        int generation = routes.live().number();
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(words), others));
        long saved = System.nanoTime();
        Eventually.holds(SOON, file + " is taken", () -> routes.live().number() > generation);
        slowestVisibleMillis = Math.max(slowestVisibleMillis, (System.nanoTime() - saved) / 1_000_000);
        contexts.add(new WeakReference<>(routes.live().camel()));
    }

    private void breakAndMend(Gateway gateway) throws IOException {
        ReloadStatus status = gateway.bean(ReloadStatus.class);
        List<String> mistakes = List.of("- route: [", "\t- route:", "- rout: {}", "", "- route:\n    id: x\n");
        for (int i = 0; i < EDITS; i++) {
            List<Path> files = files();
            Path file = files.get(i * files.size() / EDITS);
            String text = Files.readString(file);
            long refused = status.timesRefused();
            Files.writeString(file, mistakes.get(i % mistakes.size()));
            Eventually.holds(SOON, file + " is refused", () -> status.timesRefused() > refused);
            Files.writeString(file, text);
            Eventually.holds(
                    SOON, file + " is well", () -> status.state().problems().isEmpty());
        }
    }

    private void addMoveAndDelete(Gateway gateway) throws IOException {
        String text = """
            - route:
                id: mine
                from:
                  uri: platform-http:/mine
                  steps:
                    - setBody:
                        expression:
                          constant:
                            expression: hello
            """;
        for (int i = 0; i < EDITS / 2; i++) {
            Path file = Files.writeString(folder.resolve("mine.camel.yaml"), text);
            Eventually.holds(SOON, "it is there", () -> gateway.get("/mine").statusCode() == 200);
            LiveRoutes routes = gateway.bean(LiveRoutes.class);
            int generation = routes.live().number();
            Path moved = Files.move(file, folder.resolve("moved.camel.yaml"));
            Eventually.holds(SOON, "it is moved", () -> routes.live().number() > generation);
            assertThat(gateway.get("/mine").statusCode()).isEqualTo(200);
            Files.delete(moved);
            Eventually.holds(SOON, "it is gone", () -> gateway.get("/mine").statusCode() == 404);
        }
    }

    private void nothingIsLeft(Gateway gateway, int threads, int routes) {
        LiveRoutes live = gateway.bean(LiveRoutes.class);
        Eventually.holds(SOON, "all older contexts have ended", () -> live.draining() == 0);
        assertThat(live.live().camel().getRoutesSize()).isEqualTo(routes);
        assertThat(gateway.bean(CamelContext.class).getRoutesSize())
                .as("those of the first context")
                .isZero();
        assertThat(gateway.bean(CamelContext.class).getEndpoints()).isEmpty();
        Eventually.holds(SOON, "no older context is held", () -> {
            System.gc();
            return contexts.stream().filter(context -> context.get() != null).count() <= 1;
        });
        // Pools of the JDK and of Vert.x still grow by a few; one for each generation would be a leak.
        Eventually.holds(SOON, "no generation has left a thread", () -> {
            long camels = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("Camel"))
                    .count();
            return Thread.activeCount() - threads < contexts.size() && camels < contexts.size();
        });
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private List<Thread> load(Gateway gateway, HttpClient client) {
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            load.add(Thread.ofVirtual().start(() -> call(gateway, client)));
        }
        for (int i = 0; i < STREAMS; i++) {
            load.add(Thread.ofVirtual().start(() -> stream(gateway, client)));
        }
        return load;
    }

    private void call(Gateway gateway, HttpClient client) {
        HttpRequest request = request(gateway, JSON);
        try {
            while (!over.await(10_000 / CALLS_A_SECOND, TimeUnit.MILLISECONDS)) {
                long began = System.nanoTime();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                slowestMillis.accumulateAndGet((System.nanoTime() - began) / 1_000_000, Math::max);
                if (answer.statusCode() != 200 || !answer.body().contains("chat.completion")) {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
                calls.incrementAndGet();
            }
        } catch (IOException | InterruptedException failure) {
            failures.add("a call: " + failure);
        }
    }

    private void stream(Gateway gateway, HttpClient client) {
        HttpRequest request = request(gateway, STREAM);
        try {
            while (over.getCount() > 0) {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                String body = answer.body();
                if (answer.statusCode() != 200 || !body.endsWith("data: [DONE]\n\n")) {
                    failures.add("a stream: " + answer.statusCode() + " " + body);
                }
                eventsOfStreams.merge(body.split("data: ").length, 1, Integer::sum);
                streams.incrementAndGet();
            }
        } catch (IOException | InterruptedException failure) {
            failures.add("a stream: " + failure);
        }
    }

    private static HttpRequest request(Gateway gateway, String body) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
