package dev.mehari.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A token that is kept for as long as it is good, and renewed ahead of its end while calls go on with it. One fetch at a
 * time: callers without a token wait for the same one. Thread-safe, without a lock.
 */
public final class HeldToken {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration BETWEEN_FAILURES = Duration.ofSeconds(10);

    /** Many calls may have had the refused token; the first to say so has fetched what the others need. */
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Supplier<Token> source;
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
    private final AtomicReference<@Nullable CompletableFuture<Held>> fetching = new AtomicReference<>();
    private volatile Instant quietUntil = Instant.MIN;

    /** @param life from now on */
    public record Token(String value, Duration life) {}

    private record Held(String value, Instant since, Instant renewal, Instant end) {}

    /** @param source fetches a new one; may block, and throw what callers will get */
    public HeldToken(InstantSource clock, Supplier<Token> source) {
        this.clock = clock;
        this.source = source;
    }

    /**
     * A token that is good now. Blocks while there is none.
     *
     * @throws RuntimeException that the source threw
     */
    public String value() {
        Held known = held.get();
        Instant now = clock.instant();
        if (known == null || !now.isBefore(known.end())) {
            return await(fetch());
        }
        if (!now.isBefore(known.renewal()) && !now.isBefore(quietUntil)) {
            fetch();
        }
        return known.value();
    }

    /** It was refused: the next caller gets another. */
    public void drop() {
        Held known = held.get();
        if (known != null && clock.instant().isAfter(known.since().plus(YOUNG))) {
            held.compareAndSet(known, null);
        }
    }

    private CompletableFuture<Held> fetch() {
        CompletableFuture<Held> mine = new CompletableFuture<>();
        CompletableFuture<Held> others = fetching.compareAndExchange(null, mine);
        if (others != null) {
            return others;
        }
        Thread.startVirtualThread(() -> {
            try {
                Held fresh = held(source.get());
                held.set(fresh);
                fetching.set(null);
                mine.complete(fresh);
            } catch (RuntimeException | Error failure) {
                quietUntil = clock.instant().plus(BETWEEN_FAILURES);
                fetching.set(null);
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private Held held(Token token) {
        Instant now = clock.instant();
        Duration half = token.life().dividedBy(2);
        Duration ahead = half.compareTo(AHEAD) < 0 ? half : AHEAD;
        Instant end = now.plus(token.life());
        return new Held(token.value(), now, end.minus(ahead), end);
    }

    private static String await(CompletableFuture<Held> fetch) {
        try {
            return fetch.join().value();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }
}
