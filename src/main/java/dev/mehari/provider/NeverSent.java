package dev.mehari.provider;

import java.util.List;
import java.util.Set;

/**
 * Top-level request fields that never reach a provider and that no provider is said to have dropped: what would steer or
 * re-credential the upstream (field notes of other gateways: key theft through {@code api_base}), and what voice platforms
 * add, which OpenAI answers with 400 (Vapi custom LLM, read 2026-11-21).
 */
public final class NeverSent {
    private static final Set<String> NAMES = Set.of(
            "base_url",
            "endpoint",
            "custom_llm_provider",
            "extra_body",
            "extra_query",
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

    /** What clients of other gateways set to reach an account: {@code api_base}, {@code aws_secret_access_key} and so on. */
    private static final List<String> PREFIXES = List.of("api_", "aws_", "azure_", "vertex_", "litellm_");

    /** Ours to read where they are of one shape, somebody else's extra where of another: a translation takes neither. */
    private static final Set<String> OURS = Set.of("provider", "metadata");

    private NeverSent() {}

    public static boolean isOne(String name) {
        return NAMES.contains(name) || steersAnAccount(name);
    }

    /** Whether a translated request lacks the field without anybody missing it. */
    static boolean isMissedByNobody(String name) {
        return isOne(name) || OURS.contains(name);
    }

    private static boolean steersAnAccount(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
