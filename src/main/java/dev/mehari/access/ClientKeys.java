package dev.mehari.access;

import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The static client keys of {@code MEHARI_API_KEYS}, kept as hashes. Thread-safe. */
public final class ClientKeys {
    private final List<byte[]> hashes;

    public ClientKeys(List<String> keys) {
        this.hashes = keys.stream().map(ClientKeys::hash).toList();
    }

    /** Whether everyone may call. */
    public boolean isEmpty() {
        return hashes.isEmpty();
    }

    /**
     * Who is calling.
     *
     * @param authorization the {@code Authorization} header
     * @param apiKey the {@code x-api-key} header, which Anthropic's clients send
     * @return {@link Caller#ANYONE} when no key is needed
     * @throws Unauthenticated no key, or not one of ours
     */
    public Caller authenticate(@Nullable String authorization, @Nullable String apiKey) {
        if (isEmpty()) {
            return Caller.ANYONE;
        }
        byte[] hash = hash(BearerToken.of(authorization, apiKey));
        // Every key is compared, so that the time taken tells nothing.
        boolean known = false;
        for (byte[] candidate : hashes) {
            known |= MessageDigest.isEqual(candidate, hash);
        }
        if (!known) {
            throw new Unauthenticated();
        }
        return new Caller("key-" + HexFormat.of().formatHex(hash, 0, 4), null, null, Policy.OPEN);
    }

    private static byte[] hash(@Nullable String key) {
        return Sha256.of(key == null ? "" : key);
    }
}
