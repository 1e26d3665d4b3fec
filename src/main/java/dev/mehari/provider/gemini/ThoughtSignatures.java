package dev.mehari.provider.gemini;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Signatures of function calls, by the call's id, for clients that send the call back without the
 * {@code extra_content.google.thought_signature} it came with. From Gemini 3 on the first call of a turn must bring its
 * signature back. Kept in this process and only for a while: when it is gone, Google's placeholder goes instead.
 * Thread-safe.
 */
@Component
public final class ThoughtSignatures {
    /** Documented stand-in for a signature that is not at hand. ai.google.dev, Thought signatures, read 2026-11-21. */
    static final String PLACEHOLDER = "skip_thought_signature_validator";

    /** Before the signature of a text in {@code thinking_blocks}: no other protocol takes it, none other's comes here. */
    private static final String OURS = "gemini:";

    private static final long MOST_BYTES = 32L * 1024 * 1024;
    private static final int BYTES_OF_AN_ENTRY = 150;

    private final Cache<String, String> byCall;

    public ThoughtSignatures() {
        byCall = Caffeine.newBuilder()
                .maximumWeight(MOST_BYTES)
                .weigher((String id, String signature) -> BYTES_OF_AN_ENTRY + id.length() + signature.length())
                .expireAfterAccess(Duration.ofHours(2))
                // Evict on the caller's thread: no pool of others.
                .executor(Runnable::run)
                .build();
    }

    void keep(String callId, String signature) {
        byCall.put(callId, signature);
    }

    @Nullable
    String find(String callId) {
        return byCall.getIfPresent(callId);
    }

    /** A signature of Gemini's as clients see it. */
    static String mark(String signature) {
        return OURS + signature;
    }

    /** Gemini's own signature in what a client sent back; null for another protocol's. */
    static @Nullable String own(@Nullable String marked) {
        return marked != null && marked.startsWith(OURS) ? marked.substring(OURS.length()) : null;
    }
}
