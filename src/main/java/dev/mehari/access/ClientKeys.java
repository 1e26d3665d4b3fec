package dev.mehari.access;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.Sha256;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: with the keys of {@code MEHARI_API_KEYS} and those whose hashes stand in application.yaml, which need no
 * database, and with issued ones. Thread-safe.
 *
 * <p>Where no key is asked for everyone may call; an issued key is looked at all the same, so that its limits can be
 * tried, and a wrong one is refused.
 */
public final class ClientKeys {
    private volatile List<FixedKey> fixed;
    private final IssuedKeys issued;
    private final boolean mayBeOpen;
    private final InstantSource clock;

    /**
     * A key from the settings. Immutable.
     *
     * @param hash SHA-256 of the whole key
     * @param expires null: never
     */
    public record FixedKey(
            byte[] hash, Caller caller, @Nullable Instant expires) {

        /** One that may do everything, known by the beginning of its hash. */
        public static FixedKey of(String key) {
            byte[] hash = Sha256.of(key);
            return new FixedKey(hash, new Caller(id(hash), null, null, Policy.OPEN), null);
        }

        /** The id of a key in the settings, from its hash: safe to log. */
        public static String id(byte[] hash) {
            return "key-" + HexFormat.of().formatHex(hash, 0, 4);
        }
    }

    /** @param required whether a key is asked for although the settings name none */
    public ClientKeys(List<FixedKey> fixed, IssuedKeys issued, boolean required, InstantSource clock) {
        this.fixed = List.copyOf(fixed);
        this.issued = issued;
        this.mayBeOpen = fixed.isEmpty() && !required;
        this.clock = clock;
    }

    /** Whether everyone may call. */
    public boolean isEmpty() {
        return mayBeOpen && fixed.isEmpty();
    }

    /** From now on these stand in the settings. A gateway that has asked for keys since its start never becomes open. */
    public void replace(List<FixedKey> others) {
        fixed = List.copyOf(others);
    }

    /**
     * Who is calling.
     *
     * @param authorization the {@code Authorization} header
     * @param apiKey the {@code x-api-key} header, which Anthropic's clients send
     * @return {@link Caller#ANYONE} when no key is needed
     * @throws Unauthenticated no key, or none that opens: one text for all causes
     * @throws StoreUnavailable it may be an issued key, and the database is away
     */
    public Caller authenticate(@Nullable String authorization, @Nullable String apiKey) {
        String token = BearerToken.of(authorization, apiKey);
        if (isEmpty() && (token == null || !token.startsWith(KeyText.PREFIX))) {
            return Caller.ANYONE;
        }
        Caller caller = token == null ? null : find(token);
        if (caller == null) {
            throw new Unauthenticated();
        }
        return caller;
    }

    private @Nullable Caller find(String token) {
        Caller known = fixed(token);
        KeyText text = known == null ? KeyText.of(token) : null;
        return text == null ? known : issued.find(text);
    }

    /** Every key is compared, so that the time taken tells nothing. */
    private @Nullable Caller fixed(String token) {
        List<FixedKey> all = fixed;
        if (all.isEmpty()) {
            return null;
        }
        byte[] hash = Sha256.of(token);
        FixedKey found = null;
        for (FixedKey key : all) {
            if (MessageDigest.isEqual(key.hash(), hash)) {
                found = key;
            }
        }
        return found == null || (found.expires() != null && !clock.instant().isBefore(found.expires()))
                ? null
                : found.caller();
    }
}
