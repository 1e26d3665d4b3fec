package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RedisServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Redis that answers are shared in goes and comes back while calls are made: none fails, none waits for it for long. */
@Timeout(180)
class CacheLostUnderLoadTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int CLIENTS = 8;

    @Test
    void noCallIsLost() throws InterruptedException {
        try (RedisServer redis = RedisServer.start();
                Gateway gateway = Gateway.start(
                        "mehari.redis.url=" + redis.url(),
                        "mehari.cache.enabled=true",
                        "mehari.cache.mode=all",
                        "mehari.demo.word-delay=0ms")) {
            Load load = new Load(gateway);
            load.awaitMore(200);
            redis.kill();
            load.awaitMore(200);
            assertThat(state(gateway)).isEqualTo("away");
            redis.restart();
            Eventually.holds(SOON, "Redis is there", () -> state(gateway).equals("shared"));
            load.awaitMore(200);
            redis.hang();
            load.awaitMore(200);
            Eventually.holds(SOON, "Redis is left alone", () -> state(gateway).equals("away"));
            assertThat(ErrorCheck.tree(gateway.get("/stats").body())
                            .at("/cache/redis/late")
                            .asLong())
                    .isPositive();
            long started = System.nanoTime();
            load.awaitMore(200);
            // A call that waited for its time-out each time would take 20 ms; all of them together far longer than
            // this.
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            redis.goOn();
            Eventually.holds(SOON, "Redis is there", () -> state(gateway).equals("shared"));
            load.awaitMore(200);
            load.end();
            assertThat(load.failed.get()).as("of %d", load.answered.get()).isZero();
            assertThat(took).isLessThan(SOON);
        }
    }

    private static String state(Gateway gateway) {
        return ErrorCheck.tree(gateway.get("/stats").body())
                .at("/cache/redis/state")
                .asText();
    }

    /** Clients that ask something new each time, and then the same again. */
    private static final class Load {
        private final Gateway gateway;
        private final AtomicBoolean going = new AtomicBoolean(true);
        private final AtomicInteger questions = new AtomicInteger();
        private final List<Thread> clients = new ArrayList<>();
        final AtomicInteger answered = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();

        Load(Gateway gateway) {
            this.gateway = gateway;
            for (int i = 0; i < CLIENTS; i++) {
                boolean stream = i % 2 == 0;
                clients.add(Thread.ofVirtual().start(() -> call(stream)));
            }
        }

        private void call(boolean stream) {
            while (going.get()) {
                String question = "question " + questions.incrementAndGet();
                String body = "{\"model\":\"demo\",\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}";
                count(gateway.chat(body), question, "MISS");
                count(gateway.chat(body), question, "HIT");
            }
        }

        private void count(HttpResponse<String> answer, String question, String cache) {
            String number = question.substring(question.indexOf(' ') + 1);
            boolean good = answer.statusCode() == 200
                    && answer.body().contains(number)
                    && answer.headers().firstValue("x-cache").orElse("").equals(cache);
            (good ? answered : failed).incrementAndGet();
            if (!good) {
                answered.incrementAndGet();
            }
        }

        void awaitMore(int calls) {
            int before = answered.get();
            Eventually.holds(SOON, calls + " more calls", () -> answered.get() >= before + calls);
        }

        void end() throws InterruptedException {
            going.set(false);
            for (Thread client : clients) {
                client.join();
            }
        }
    }
}
