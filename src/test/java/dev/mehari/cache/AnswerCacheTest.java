package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.cache.StoredAnswer.Origin;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What memory holds, and what Redis behind it. */
class AnswerCacheTest {
    private static final Origin ORIGIN = new Origin("p", "m", null, List.of());
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void tenTimesAsMuchStaysWithinTheBound() {
        int most = 1 << 20;
        AnswerCache cache = new AnswerCache(most, most, HOUR, null, InstantSource.system());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 8; thread++) {
                int offset = thread * 200;
                threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        cache.keep(key("m", offset + i), answer(6000, HOUR));
                    }
                });
            }
        }
        AnswerCache.Report report = cache.report();
        assertThat(report.bytes()).isPositive().isLessThanOrEqualTo(most);
        long held = cache.memory().asMap().values().stream()
                .mapToLong(StoredAnswer::size)
                .sum();
        assertThat(held).isLessThanOrEqualTo(most);
        assertThat(report.evictions()).isPositive();
        assertThat(report.kept()).isEqualTo(1600);
    }

    @Test
    void oneThatIsTooLargeIsNotKept() {
        AnswerCache cache = new AnswerCache(1 << 20, 5000, HOUR, null, InstantSource.system());
        cache.keep(key("m", 1), answer(6000, HOUR));
        assertThat(cache.inMemory(key("m", 1))).isNull();
        assertThat(cache.report().tooLarge()).isEqualTo(1);
        cache.keep(key("m", 1), answer(100, Duration.ZERO));
        assertThat(cache.inMemory(key("m", 1))).as("kept for no time").isNull();
    }

    @Test
    void forgetsAllOrThoseOfAModelOrOne() {
        AnswerCache cache = new AnswerCache(1 << 20, 1 << 20, HOUR, null, InstantSource.system());
        for (int i = 0; i < 10; i++) {
            cache.keep(key(i < 4 ? "openai/a/b" : "group", i), answer(10, HOUR));
        }
        assertThat(cache.forget(key -> key.isOf("b"))).isEqualTo(4);
        assertThat(cache.forget(key -> key.isOf("openai/a/b"))).isZero();
        assertThat(cache.forget(key("group", 9)::equals)).isEqualTo(1);
        assertThat(cache.forget(key -> true)).isEqualTo(5);
        assertThat(cache.report().entries()).isZero();
    }

    @Test
    void whatRedisHasIsHeldInMemoryForAShortTimeOnly() {
        Shelf shelf = new Shelf();
        AnswerCache cache = new AnswerCache(1 << 20, 1 << 20, Duration.ofSeconds(10), shelf, InstantSource.system());
        StoredAnswer answer = answer(10, HOUR);
        shelf.answers.put(key("m", 1), answer);
        List<CacheKey> both = List.of(key("m", 1), key("m", 2));
        assertThat(cache.beyondMemory(both, Map.of())).containsExactly(Map.entry(key("m", 1), answer));
        assertThat(cache.inMemory(key("m", 1))).isEqualTo(answer);
        assertThat(cache.memory().policy().expireVariably().orElseThrow().getExpiresAfter(key("m", 1)))
                .hasValueSatisfying(left -> assertThat(left).isLessThanOrEqualTo(Duration.ofSeconds(10)));
        cache.keep(key("m", 2), answer);
        assertThat(shelf.answers).hasSize(2);
        assertThat(cache.forget(key -> true)).isEqualTo(2);
        assertThat(shelf.answers).isEmpty();
    }

    private static CacheKey key(String model, int number) {
        return new CacheKey(model, Integer.toHexString(number));
    }

    private static StoredAnswer answer(int size, Duration ttl) {
        return StoredAnswer.of(
                List.of(
                        new ChatEvent.TextDelta(0, "x".repeat(size)),
                        new ChatEvent.Finish(0, FinishReason.STOP),
                        new ChatEvent.End()),
                ORIGIN,
                Instant.now(),
                ttl);
    }

    /** What replicas share, without a network. */
    private static final class Shelf implements SharedAnswers {
        private final Map<CacheKey, StoredAnswer> answers = new ConcurrentHashMap<>();

        @Override
        public Map<CacheKey, StoredAnswer> find(List<CacheKey> keys) {
            Map<CacheKey, StoredAnswer> found = new ConcurrentHashMap<>(answers);
            found.keySet().retainAll(keys);
            return found;
        }

        @Override
        public void keep(CacheKey key, StoredAnswer answer) {
            answers.put(key, answer);
        }

        @Override
        public long forget(Predicate<CacheKey> which) {
            long before = answers.size();
            answers.keySet().removeIf(which);
            return before - answers.size();
        }

        @Override
        public Status status() {
            return new Status(true, 0, 0, 0, 0);
        }
    }
}
