package dev.mehari.access;

import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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

    /** What a browser may show instead of the key until then: that instant, signed with the key. */
    public String session(Instant until) {
        String seconds = Long.toString(until.getEpochSecond());
        return seconds + '.' + HexFormat.of().formatHex(signature(seconds));
    }

    /** Whether {@link #session} made it, and its time has not come. */
    public boolean isSession(@Nullable String session, Instant now) {
        int dot = session == null ? -1 : session.indexOf('.');
        if (session == null || dot < 1 || dot > 12) {
            return false;
        }
        String seconds = session.substring(0, dot);
        boolean signed = MessageDigest.isEqual(
                HexFormat.of().formatHex(signature(seconds)).getBytes(StandardCharsets.US_ASCII),
                session.substring(dot + 1).getBytes(StandardCharsets.UTF_8));
        return signed && now.getEpochSecond() < Long.parseLong(seconds);
    }

    private byte[] signature(String seconds) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hash, "HmacSHA256"));
            return mac.doFinal(("session " + seconds).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", missing);
        }
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
