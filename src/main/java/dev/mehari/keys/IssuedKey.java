package dev.mehari.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is kept. Immutable.
 *
 * @param secretHash SHA-256 of its secret, lower-case hexadecimal
 * @param previousHash the same of the secret before it, which opens until {@code previousUntil}; null: none does
 * @param revoked when it was taken back; null: it was not
 */
public record IssuedKey(
        String id,
        String secretHash,
        @Nullable String previousHash,
        @Nullable Instant previousUntil,
        Instant created,
        @Nullable Instant revoked,
        KeyRules rules) {

    /** Whether it opens anything at that moment, with the right secret. */
    public boolean isActive(Instant now) {
        Instant expires = rules.expires();
        return revoked == null && !rules.disabled() && (expires == null || now.isBefore(expires));
    }
}
