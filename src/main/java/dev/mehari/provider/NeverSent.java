package dev.mehari.provider;

import java.util.Set;

/**
 * Top-level request fields that never reach a provider and that no provider is said to have dropped: what would steer or
 * re-credential the upstream (field notes of other gateways: key theft through {@code api_base}), and what voice platforms
 * add, which OpenAI answers with 400 (Vapi custom LLM, read 2026-11-21).
 */
public final class NeverSent {
    private static final Set<String> NAMES = Set.of(
            "api_key",
            "api_base",
            "base_url",
            "extra_headers",
            "headers",
            "organization",
            "call",
            "phoneNumber",
            "customer",
            "timestamp",
            "assistant",
            "credentials",
            "elevenlabs_extra_body",
            "cache");

    /** Ours to read where they are of one shape, somebody else's extra where of another: a translation takes neither. */
    private static final Set<String> OURS = Set.of("provider", "metadata");

    private NeverSent() {}

    public static boolean isOne(String name) {
        return NAMES.contains(name);
    }

    /** Whether a translated request lacks the field without anybody missing it. */
    static boolean isMissedByNobody(String name) {
        return NAMES.contains(name) || OURS.contains(name);
    }
}
