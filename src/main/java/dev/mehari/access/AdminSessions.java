package dev.mehari.access;

import dev.mehari.chat.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of browsers that have shown the admin key. A session is a token that says when it ends, signed with the key:
 * all replicas of a gateway know it without asking each other, and nothing is kept of those that are open. What is kept,
 * so many at most, are those that were ended before their time, on the replica that was told. Thread-safe.
 */
public final class AdminSessions {
    /** From its beginning, whatever is done in it. */
    public static final Duration LIFE = Duration.ofHours(12);

    private static final int MOST_ENDED = 10_000;
    private static final int NONCE_BYTES = 12;
    private static final int LONGEST_TOKEN = 200;

    private final AdminKey key;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Instant> ended = new LinkedHashMap<>();

    public AdminSessions(AdminKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /** Begins a session. Whoever has its token, three parts with dots between them, is in it. */
    public String open() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String claim = clock.instant().plus(LIFE).getEpochSecond() + "."
                + HexFormat.of().formatHex(nonce);
        return claim + "." + signature(claim);
    }

    /** Whether this is the token of a session that has not ended. */
    public boolean holds(@Nullable String token) {
        Instant end = end(token);
        if (token == null || end == null || !clock.instant().isBefore(end)) {
            return false;
        }
        synchronized (ended) {
            return !ended.containsKey(Sha256.hex(token));
        }
    }

    /** Ends a session; nothing happens when there is none. */
    public void close(@Nullable String token) {
        if (token == null || !holds(token)) {
            return;
        }
        Instant now = clock.instant();
        synchronized (ended) {
            ended.values().removeIf(end -> !now.isBefore(end));
            if (ended.size() >= MOST_ENDED) {
                ended.remove(ended.keySet().iterator().next());
            }
            ended.put(Sha256.hex(token), now.plus(LIFE));
        }
    }

    /** When the session that a token was made for ends; null: none was. */
    private @Nullable Instant end(@Nullable String token) {
        int dot = token == null || token.length() > LONGEST_TOKEN ? -1 : token.lastIndexOf('.');
        if (token == null || dot < 0) {
            return null;
        }
        String claim = token.substring(0, dot);
        byte[] right = signature(claim).getBytes(StandardCharsets.UTF_8);
        byte[] given = token.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        // What we have signed has the shape that we gave it.
        return MessageDigest.isEqual(right, given)
                ? Instant.ofEpochSecond(Long.parseLong(claim, 0, claim.indexOf('.'), 10))
                : null;
    }

    private String signature(String claim) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.hash(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(("session " + claim).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", missing);
        }
    }
}
