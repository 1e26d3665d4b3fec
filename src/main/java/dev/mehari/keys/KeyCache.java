package dev.mehari.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mehari.access.Caller;
import dev.mehari.access.IssuedKeys;
import dev.mehari.access.KeyText;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the keys that were looked up, and that some are nobody's. What is older than a while is looked up anew beside
 * the call, and before it when it is twice as old: so long may pass until a key that was taken back elsewhere is known to
 * be. While the database is away what was known stays known. Bounded; thread-safe.
 */
public final class KeyCache implements IssuedKeys {
    /** With a database that is away, how long until it is asked for a key again. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Function<String, @Nullable IssuedKey> store;
    private final InstantSource clock;
    private final long fresh;
    private final Cache<String, Known> known;

    /**
     * @param store finds a key by its id; may block, and throw {@link StoreUnavailable}
     * @param most keys that are remembered
     * @param fresh how long without asking again
     */
    public KeyCache(Function<String, @Nullable IssuedKey> store, InstantSource clock, int most, Duration fresh) {
        this.store = store;
        this.clock = clock;
        this.fresh = fresh.toMillis();
        this.known = Caffeine.newBuilder().maximumSize(most).build();
    }

    /** What was found last; {@code checked} may change. */
    private static final class Known {
        private final @Nullable IssuedKey key;
        private final @Nullable Caller caller;
        private final AtomicBoolean asking = new AtomicBoolean();
        private volatile long checked;

        Known(@Nullable IssuedKey key, long checked) {
            this.key = key;
            this.caller = key == null ? null : key.rules().caller(key.id());
            this.checked = checked;
        }
    }

    @Override
    public @Nullable Caller find(KeyText text) {
        long now = clock.millis();
        Known found = known.getIfPresent(text.id());
        if (found == null) {
            found = look(text.id(), now);
        } else if (!isFresh(found, now)) {
            found = renewed(text.id(), found, now);
        }
        return found.key != null && opens(found.key, text, clock.instant()) ? found.caller : null;
    }

    private boolean isFresh(Known found, long now) {
        return now >= found.checked && now - found.checked < fresh;
    }

    private Known look(String id, long now) {
        Known read = new Known(store.apply(id), now);
        known.put(id, read);
        return read;
    }

    private Known renewed(String id, Known old, long now) {
        // From the future: the clock was set back, and how old it is nobody knows.
        if (now < old.checked || now - old.checked >= 2 * fresh) {
            return lookOrKeep(id, old, now);
        }
        if (old.asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("key-renewal").start(() -> lookOrKeep(id, old, now));
        }
        return old;
    }

    private Known lookOrKeep(String id, Known old, long now) {
        try {
            return look(id, now);
        } catch (StoreUnavailable away) {
            old.checked = now - fresh + PAUSE.toMillis();
            return old;
        } finally {
            old.asking.set(false);
        }
    }

    /** Forgets what is known of a key, which has just been changed here. */
    public void forget(String id) {
        known.invalidate(id);
    }

    /** Both secrets are always compared, so that the time taken tells nothing. */
    private static boolean opens(IssuedKey key, KeyText text, Instant now) {
        byte[] hash = text.secretHash().getBytes(StandardCharsets.US_ASCII);
        boolean current = isSame(hash, key.secretHash());
        boolean previous = isSame(hash, key.previousHash());
        Instant until = key.previousUntil();
        boolean inGrace = until != null && now.isBefore(until);
        return key.isActive(now) && (current || (previous && inGrace));
    }

    private static boolean isSame(byte[] hash, @Nullable String other) {
        return MessageDigest.isEqual(hash, (other == null ? "" : other).getBytes(StandardCharsets.US_ASCII));
    }
}
