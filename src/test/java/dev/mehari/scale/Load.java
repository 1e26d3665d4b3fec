package dev.mehari.scale;

import dev.mehari.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Calls at a steady rate, whether or not earlier ones are over: so many a second, of which every tenth is a stream of some
 * seconds. Each is held to its whole answer.
 */
final class Load implements AutoCloseable {
    private static final int STREAM_WORDS = 20;
    private static final String WHOLE = body("demo-delay-0", false, "hello");
    private static final String STREAM =
            body("demo-delay-250", true, "word ".repeat(STREAM_WORDS).strip());

    private final String url;
    private final String key;
    private final int rate;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread pacer;
    private volatile boolean over;

    /**
     * A call that is over.
     *
     * @param failure what was wrong with its answer; null: nothing
     */
    record Call(String id, boolean stream, long beganNanos, long endedNanos, String failure) {
        boolean isUnderWayAt(long nanos) {
            return beganNanos < nanos && endedNanos > nanos;
        }

        long millis() {
            return (endedNanos - beganNanos) / 1_000_000;
        }
    }

    /** Begins. */
    Load(String url, String key, int rate) {
        this.url = url;
        this.key = key;
        this.rate = rate;
        this.pacer = Thread.ofPlatform().start(this::pace);
    }

    static String body(String model, boolean stream, String text) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\""
                + text + "\"}]}";
    }

    private void pace() {
        long begin = System.nanoTime();
        for (int number = 0; !over; number++) {
            long due = begin + number * (1_000_000_000L / rate);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            boolean stream = number % 10 == 0;
            open.incrementAndGet();
            Thread.ofVirtual().start(() -> call(stream));
        }
    }

    private void call(boolean stream) {
        String id = "load-" + UUID.randomUUID();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .header("x-request-id", id)
                .timeout(Duration.ofSeconds(120))
                .POST(BodyPublishers.ofString(stream ? STREAM : WHOLE))
                .build();
        long began = System.nanoTime();
        String failure;
        try {
            failure = failureOf(http.send(request, BodyHandlers.ofString()), stream);
        } catch (IOException e) {
            failure = e.toString();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        calls.add(new Call(id, stream, began, System.nanoTime(), failure));
        open.decrementAndGet();
    }

    private static String failureOf(HttpResponse<String> answer, boolean stream) {
        String body = answer.body();
        if (answer.statusCode() != 200) {
            return answer.statusCode() + " " + body;
        }
        if (!stream) {
            return body.contains("\"finish_reason\":\"stop\"") ? null : "not whole: " + body;
        }
        long chunks =
                body.lines().filter(line -> line.contains("\"content\":\"")).count();
        return body.endsWith("data: [DONE]\n\n") && chunks >= STREAM_WORDS ? null : "not whole: " + body;
    }

    /** How many calls are over, so that a test can wait for some to pass. */
    int done() {
        return calls.size();
    }

    int open() {
        return open.get();
    }

    /** Ends, and waits for what is open. */
    List<Call> finish() {
        over = true;
        try {
            pacer.join();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        Eventually.holds(Duration.ofSeconds(130), "all calls are over", () -> open.get() == 0);
        return new ArrayList<>(calls);
    }

    static List<Call> failed(List<Call> calls) {
        return calls.stream().filter(call -> call.failure() != null).toList();
    }

    /** What there is to tell of them. */
    static Map<String, Object> figures(List<Call> calls) {
        List<Long> whole = calls.stream()
                .filter(call -> !call.stream())
                .map(Call::millis)
                .sorted()
                .toList();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("calls", calls.size());
        told.put("of which streams", calls.stream().filter(Call::stream).count());
        told.put("failed", failed(calls).size());
        told.put("whole answers, ms at the median", whole.get(whole.size() / 2));
        told.put("whole answers, ms at most", whole.getLast());
        return told;
    }

    /** Failures and how often, for a message. */
    static String reasons(List<Call> calls) {
        return failed(calls).stream()
                .collect(Collectors.groupingBy(Call::failure, Collectors.counting()))
                .toString();
    }

    @Override
    public void close() {
        over = true;
        http.shutdownNow();
    }
}
