package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Redis goes and comes back while calls are made: none of them fails, none is held up. */
@ExtendWith(OutputCaptureExtension.class)
class RedisLostUnderLoadTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String HELLO =
            "{\"model\":\"shared\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @Test
    void killedAndStartedAgain(CapturedOutput output) throws InterruptedException {
        try (RedisServer redis = RedisServer.start();
                Gateway gateway = start(redis)) {
            Load load = new Load(gateway);
            load.awaitMore(100);
            redis.kill();
            load.awaitMore(100);
            assertThat(gateway.get("/stats").body()).contains("\"redis\":{\"state\":\"away\"");
            redis.restart();
            Eventually.holds(SOON, "Redis is there", () -> status(gateway).there());
            load.awaitMore(100);
            load.end();
            assertThat(status(gateway).unanswered()).isPositive();
        }
        assertThat(output.toString()).doesNotContain("\tat ");
    }

    @Test
    void hangingAndGoingOn(CapturedOutput output) throws InterruptedException {
        try (RedisServer redis = RedisServer.start();
                RedisClient client = RedisClient.create(redis.url());
                Gateway gateway = start(redis)) {
            RedisCommands<String, String> keys = client.connect().sync();
            Load load = new Load(gateway);
            load.awaitMore(100);
            redis.hang();
            load.awaitMore(100);
            redis.goOn();
            Eventually.holds(SOON, "Redis is there", () -> status(gateway).there());
            load.awaitMore(100);
            load.end();
            Eventually.holds(
                    SOON, "all reservations are given back", () -> keys.zcard("{mehari}:1:held:demo/demo") == 0);
            Map<String, String> used = keys.hgetall("{mehari}:1:used:demo/demo");
            assertThat(Long.parseLong(used.get("requests")))
                    .as("what was decided without Redis does not count there")
                    .isBetween(1L, (long) load.answered.get());
        }
        assertThat(output.toString()).doesNotContain("\tat ");
    }

    private static Gateway start(RedisServer redis) {
        return Gateway.start(
                "mehari.redis.url=" + redis.url(),
                "mehari.demo.word-delay=0ms",
                "mehari.models[0].name=shared",
                "mehari.models[0].deployments[0].provider=demo",
                "mehari.models[0].deployments[0].model=demo",
                "mehari.models[0].deployments[0].rpm=1000000",
                "mehari.models[0].deployments[0].tpm=1000000000",
                "mehari.models[0].deployments[0].max-concurrent=10000");
    }

    private static RedisStatus status(Gateway gateway) {
        return gateway.bean(Redis.class).status();
    }

    /** Eight clients that call again and again. */
    private static final class Load {
        private static final int CLIENTS = 8;

        private final Gateway gateway;
        private final AtomicBoolean going = new AtomicBoolean(true);
        private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
        private final AtomicLong slowestNanos = new AtomicLong();
        private final List<Thread> clients = new ArrayList<>();
        final AtomicInteger answered = new AtomicInteger();

        Load(Gateway gateway) {
            this.gateway = gateway;
            // The first calls compile and load much.
            gateway.chat(HELLO.formatted("false"));
            gateway.chat(HELLO.formatted("true"));
            for (int i = 0; i < CLIENTS; i++) {
                String body = HELLO.formatted(i % 2 == 0);
                clients.add(Thread.ofVirtual().start(() -> call(body)));
            }
        }

        private void call(String body) {
            while (going.get()) {
                long started = System.nanoTime();
                var answer = gateway.chat(body);
                slowestNanos.accumulateAndGet(System.nanoTime() - started, Math::max);
                int status = answer.body().contains("hello") ? answer.statusCode() : -1;
                statuses.computeIfAbsent(status, first -> new AtomicInteger()).incrementAndGet();
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
            assertThat(statuses).containsOnlyKeys(200);
            assertThat(Duration.ofNanos(slowestNanos.get()))
                    .as("the fence is 50 ms; the rest is for a busy machine")
                    .isLessThan(Duration.ofSeconds(1));
        }
    }
}
