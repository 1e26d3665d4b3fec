package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.cache.CacheKey;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.cache.StoredAnswer.Content;
import dev.mehari.cache.StoredAnswer.Origin;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers in a real Redis. */
class RedisAnswersTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LARGEST = 1 << 20;
    private static final CacheKey KEY = new CacheKey("openai/gpt-4o", "ab12");
    private static final String NAME = "t*st:cache:" + StoredAnswer.VERSION + ":ab12:openai/gpt-4o";

    private static RedisServer server;
    private static RedisClient client;
    private static RedisCommands<String, byte[]> redis;
    private static RedisAnswers answers;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.url());
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
        // A name that a pattern would take for more than itself.
        answers = new RedisAnswers(server.url(), Duration.ofSeconds(10), "t*st", LARGEST, InstantSource.system());
        Eventually.holds(SOON, "Redis is found", () -> answers.status().there());
    }

    @AfterAll
    static void stop() {
        answers.close();
        client.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        redis.flushall();
    }

    @Test
    void whatIsKeptIsFoundAgainForItsTime() {
        answers.keep(KEY, answer("hello", Duration.ofMinutes(10)));
        awaitKept(NAME);
        assertThat(redis.pttl(NAME)).isBetween(1L, 600_000L);
        StoredAnswer found = answers.find(List.of(KEY)).get(KEY);
        assertThat(found.read().content())
                .isEqualTo(answer("hello", Duration.ofMinutes(10)).read().content());
        assertThat(found.ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(answers.find(List.of(new CacheKey("openai/gpt-4o", "other"))))
                .isEmpty();
    }

    @Test
    void whatIsLargeIsCompressed() {
        answers.keep(KEY, answer("hello ".repeat(10_000), Duration.ofMinutes(1)));
        awaitKept(NAME);
        assertThat(redis.strlen(NAME)).isLessThan(6000);
        assertThat(answers.find(List.of(KEY)).get(KEY).read().content())
                .isInstanceOfSatisfying(Content.Chat.class, chat -> assertThat(chat.events())
                        .contains(new ChatEvent.TextDelta(0, "hello ".repeat(10_000))));
    }

    @Test
    void whatIsDamagedIsNotThereAndIsDeleted() {
        int intact = 0;
        for (String text : List.of("hello", "hello ".repeat(1000))) {
            byte[] whole = PackedAnswer.pack(answer(text, Duration.ofMinutes(1)));
            for (int at = 0; at < whole.length; at += text.length() > 100 ? 7 : 1) {
                byte[] damaged = whole.clone();
                damaged[at] ^= 0x40;
                long before = answers.status().corrupt();
                redis.set(NAME, damaged);
                StoredAnswer found = answers.find(List.of(KEY)).get(KEY);
                if (found == null) {
                    assertThat(answers.status().corrupt()).as("byte %d", at).isEqualTo(before + 1);
                    Eventually.holds(SOON, "it is deleted", () -> redis.exists(NAME) == 0);
                } else {
                    // The damage was in what compression adds, and undid nothing.
                    assertThat(found.read().content())
                            .isEqualTo(
                                    answer(text, Duration.ofMinutes(1)).read().content());
                    intact++;
                }
            }
        }
        assertThat(intact).isLessThan(5);
        for (byte[] none : List.of(new byte[0], new byte[5], "hello".getBytes(StandardCharsets.UTF_8))) {
            redis.set(NAME, none);
            assertThat(answers.find(List.of(KEY))).isEmpty();
        }
    }

    @Test
    void anOlderVersionIsNotThereAndIsDeleted() {
        byte[] old = PackedAnswer.pack(answer("hello", Duration.ofMinutes(1)));
        old[0] = 0;
        redis.set(NAME, old);
        assertThat(answers.find(List.of(KEY))).isEmpty();
        Eventually.holds(SOON, "it is deleted", () -> redis.exists(NAME) == 0);
    }

    @Test
    void aValueThatSaysItIsHugeIsNotBelieved() {
        byte[] value = PackedAnswer.pack(answer("x".repeat(5000), Duration.ofMinutes(1)));
        byte[] huge = Arrays.copyOf(value, value.length);
        huge[2] = 0x7F;
        assertThat(PackedAnswer.unpack(huge, LARGEST)).isNull();
    }

    @Test
    void forgetsThoseThatAreMeantAndNothingElse() {
        for (int i = 0; i < 2500; i++) {
            answers.keep(new CacheKey(i % 2 == 0 ? "openai/a" : "b:c", "h" + i), answer("x", Duration.ofMinutes(1)));
        }
        redis.set("test:cache:1:ab:openai/a", new byte[1]);
        redis.set("else", new byte[1]);
        Eventually.holds(SOON, "all are kept", () -> redis.dbsize() == 2502);
        assertThat(answers.forget(key -> key.isOf("a"))).isEqualTo(1250);
        assertThat(answers.forget(key -> key.model().equals("b:c") && key.hash().equals("h1")))
                .isEqualTo(1);
        assertThat(answers.forget(key -> true)).isEqualTo(1249);
        assertThat(redis.keys("*")).containsExactlyInAnyOrder("test:cache:1:ab:openai/a", "else");
    }

    @Test
    void manyAreFoundAtOnce() {
        List<CacheKey> keys = IntStream.range(0, 300)
                .mapToObj(i -> new CacheKey("m", "h" + i))
                .toList();
        keys.stream()
                .filter(key -> !key.hash().endsWith("7"))
                .forEach(key -> answers.keep(key, answer("x", Duration.ofMinutes(1))));
        Eventually.holds(SOON, "all are kept", () -> redis.dbsize() == 270);
        assertThat(answers.find(keys)).hasSize(270);
    }

    private static void awaitKept(String name) {
        Eventually.holds(SOON, "it is kept", () -> redis.exists(name) == 1);
    }

    private static StoredAnswer answer(String text, Duration ttl) {
        return StoredAnswer.of(
                List.of(
                        new ChatEvent.TextDelta(0, text),
                        new ChatEvent.Finish(0, FinishReason.STOP),
                        new ChatEvent.End()),
                new Origin("p", "m", null, List.of()),
                Instant.now(),
                ttl);
    }
}
