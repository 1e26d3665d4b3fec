package dev.mehari.migrate;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom LiteLLM's prefix of a model name means. Sources: LiteLLM's provider pages (docs.litellm.ai/docs/providers) for
 * prefixes and variables, the vendors' own pages for addresses; read 2026-11-21. Immutable.
 *
 * @param provider here: a shipped one, or the name that one gets
 * @param protocol here
 * @param baseUrl the vendor's; null: shipped, or the operator's own
 * @param variable where LiteLLM looks for the key when a model names none; null: nowhere
 * @param shipped whether the provider comes with the gateway
 */
record Vendor(
        String provider,
        String protocol,
        @Nullable String baseUrl,
        @Nullable String variable,
        boolean shipped) {
    private static final String OPENAI = "openai";

    private static final Map<String, Vendor> BY_PREFIX = Map.ofEntries(
            entry("openai", shipped("openai", OPENAI, "OPENAI_API_KEY")),
            entry("azure", shipped("azure", "azure", "AZURE_API_KEY")),
            entry("azure_ai", new Vendor("azure-ai", "azure", null, "AZURE_AI_API_KEY", false)),
            entry("anthropic", shipped("anthropic", "anthropic", "ANTHROPIC_API_KEY")),
            entry("gemini", shipped("gemini", "gemini", "GEMINI_API_KEY")),
            entry("vertex_ai", shipped("vertex", "vertex", null)),
            entry("vertex_ai_beta", shipped("vertex", "vertex", null)),
            entry("bedrock", shipped("bedrock", "bedrock", null)),
            entry("bedrock_converse", shipped("bedrock", "bedrock", null)),
            entry("groq", shipped("groq", OPENAI, "GROQ_API_KEY")),
            entry("mistral", shipped("mistral", OPENAI, "MISTRAL_API_KEY")),
            entry("codestral", host("codestral", "https://codestral.mistral.ai/v1", "CODESTRAL_API_KEY")),
            entry("deepseek", shipped("deepseek", OPENAI, "DEEPSEEK_API_KEY")),
            entry("openrouter", shipped("openrouter", OPENAI, "OPENROUTER_API_KEY")),
            entry("sambanova", shipped("sambanova", OPENAI, "SAMBANOVA_API_KEY")),
            entry("ollama", shipped("ollama", OPENAI, null)),
            entry("ollama_chat", shipped("ollama", OPENAI, null)),
            entry("xai", host("xai", "https://api.x.ai/v1", "XAI_API_KEY")),
            entry("together_ai", host("together", "https://api.together.xyz/v1", "TOGETHERAI_API_KEY")),
            entry("fireworks_ai", host("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_AI_API_KEY")),
            entry("perplexity", host("perplexity", "https://api.perplexity.ai", "PERPLEXITYAI_API_KEY")),
            entry("cerebras", host("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY")),
            entry("nvidia_nim", host("nvidia", "https://integrate.api.nvidia.com/v1", "NVIDIA_NIM_API_KEY")),
            entry("deepinfra", host("deepinfra", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY")),
            entry("moonshot", host("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY")),
            entry("novita", host("novita", "https://api.novita.ai/v3/openai", "NOVITA_API_KEY")),
            entry("hyperbolic", host("hyperbolic", "https://api.hyperbolic.xyz/v1", "HYPERBOLIC_API_KEY")),
            entry("nebius", host("nebius", "https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY")),
            entry("github", host("github", "https://models.inference.ai.azure.com", "GITHUB_API_KEY")),
            entry("hosted_vllm", host("vllm", null, "HOSTED_VLLM_API_KEY")),
            entry("vllm", host("vllm", null, "HOSTED_VLLM_API_KEY")),
            entry("lm_studio", host("lm-studio", null, "LM_STUDIO_API_KEY")),
            entry("llamafile", host("llamafile", null, "LLAMAFILE_API_KEY")),
            entry("xinference", host("xinference", null, "XINFERENCE_API_KEY")),
            entry("openai_like", host("openai-like", null, "OPENAI_LIKE_API_KEY")),
            entry("custom_openai", host("openai-like", null, "OPENAI_LIKE_API_KEY")),
            entry("litellm_proxy", host("litellm", null, "LITELLM_PROXY_API_KEY")));

    private static Vendor shipped(String provider, String protocol, @Nullable String variable) {
        return new Vendor(provider, protocol, null, variable, true);
    }

    private static Vendor host(String provider, @Nullable String baseUrl, String variable) {
        return new Vendor(provider, OPENAI, baseUrl, variable, false);
    }

    /** Where LiteLLM looks for keys that a file does not name. */
    static List<String> variables() {
        return BY_PREFIX.values().stream()
                .map(Vendor::variable)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Null: LiteLLM calls it in a way that nothing here knows. */
    static @Nullable Vendor of(String prefix) {
        return BY_PREFIX.get(prefix);
    }

    /** The prefix that LiteLLM takes for granted by the name alone; null: it has none for it. */
    static @Nullable String prefixOf(String model) {
        if (model.matches("(gpt-|chatgpt-|o1|o3|o4|ft:|text-embedding-|codex-|computer-use-).*")) {
            return "openai";
        }
        if (model.startsWith("claude-")) {
            return "anthropic";
        }
        if (model.startsWith("gemini-")) {
            return "vertex_ai";
        }
        boolean bedrock = model.matches(
                "(((us|eu|apac|jp|au|global)\\.)?(anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen)\\.|arn:aws).*");
        return bedrock ? "bedrock" : null;
    }

    /** The shipped provider whose route file fits another of the same protocol. */
    String neighbour() {
        return protocol.equals(OPENAI) ? "groq" : protocol;
    }
}
