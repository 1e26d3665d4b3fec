package dev.mehari.access;

import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.Sha256;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may read the gateway's numbers: everyone on this machine, elsewhere who has the scrape key or the admin key. Thread-safe. */
public final class ScrapeAccess {
    private final boolean open;
    private final byte @Nullable [] hash;
    private final AdminKey admin;

    /**
     * @param open whether only this machine can reach the gateway
     * @param key that may read numbers and nothing else; null: there is none
     */
    public ScrapeAccess(boolean open, @Nullable String key, AdminKey admin) {
        this.open = open;
        this.hash = key == null ? null : Sha256.of(key);
        this.admin = admin;
    }

    /**
     * Lets only those pass.
     *
     * @param authorization the {@code Authorization} header
     * @param apiKey the {@code x-api-key} header
     * @throws Unauthenticated no key, or another one
     */
    public void require(@Nullable String authorization, @Nullable String apiKey) {
        if (open) {
            return;
        }
        String key = BearerToken.of(authorization, apiKey);
        if (hash == null || !MessageDigest.isEqual(hash, Sha256.of(key == null ? "" : key))) {
            admin.require(authorization, apiKey);
        }
    }
}
