package dev.mehari.access;

import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The key of the admin API, {@code MEHARI_ADMIN_KEY}, kept as its hash. Thread-safe. */
public final class AdminKey {
    private static final int RANDOM_BYTES = 24;

    private final byte[] hash;

    public AdminKey(String key) {
        this.hash = Sha256.of(key);
    }

    /** A key for one run, when none is configured. */
    public static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return "mha-" + HexFormat.of().formatHex(bytes);
    }

    /** What sessions are signed with. */
    byte[] hash() {
        return hash;
    }

    /**
     * Lets only administrators pass.
     *
     * @param authorization the {@code Authorization} header
     * @param apiKey the {@code x-api-key} header
     * @throws Unauthenticated no key, or another one
     */
    public void require(@Nullable String authorization, @Nullable String apiKey) {
        String key = BearerToken.of(authorization, apiKey);
        if (!MessageDigest.isEqual(hash, Sha256.of(key == null ? "" : key))) {
            throw new Unauthenticated();
        }
    }
}
