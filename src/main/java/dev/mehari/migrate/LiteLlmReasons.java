package dev.mehari.migrate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Why a setting of LiteLLM's was not carried over, and what stands in its place. The first that fits its name is told. */
final class LiteLlmReasons {
    private static final Map<Pattern, String> REASONS = new LinkedHashMap<>();

    static {
        because(
                "(^|.*\\.)(mcp_\\w+|guardrails?|prompts|vector_store_registry|search_tools|agents|tools_config)(\\W.*)?",
                "is no part of this gateway");
        because("include(\\[.*)?", "import that file too, and put both together");
        because(
                "general_settings\\.pass_through_endpoints.*|finetune_settings.*|files_settings.*|.*\\.(?!proxy_)\\w+_batch_\\w+",
                "only chat, responses, messages and embeddings have doors here");
        because(
                ".*\\.(max_budget|soft_budget|budget_duration|provider_budget_config|max_user_budget|user_budget"
                        + "|max_internal_user_budget|internal_user_budget_duration|tpm_limit|rpm_limit|default_\\w*_params"
                        + "|upperbound_key_generate_params|default_team_settings|default_key_generate_params).*",
                "budgets and limits belong to keys and teams: docs/keys.md");
        because(
                ".*\\.(alerting|alerting_\\w+|alert_\\w+|slack_\\w+|spend_report_frequency).*",
                "alerts come from Prometheus (deploy/prometheus-alerts.yaml) and, for budgets, mehari.budgets.webhook");
        because(".*\\.content_policy_fallbacks.*", "what a filter stopped is not asked again elsewhere");
        because(
                ".*\\.(retry_policy|allowed_fails_policy|model_group_retry_policy).*",
                "retries and cooldowns go by the class of a failure: docs/routing.md");
        because(
                ".*\\.(enable_tag_filtering|tag_filtering_match_any|tags).*",
                "routes decide by key, team or header: docs/cookbook/route-by-tenant.md");
        because(
                "general_settings\\.(database_\\w+|store_model_in_db|supported_db_objects|use_redis_transaction_buffer"
                        + "|allow_requests_on_db_unavailable|disable_\\w+|proxy_\\w+)(\\W.*)?",
                "is about LiteLLM's own database");
        because(
                "general_settings\\.(custom_auth|enable_jwt_auth|litellm_jwtauth|enable_oauth2\\w*|oauth2\\w*|custom_sso"
                        + "|ui_\\w+|allow_user_auth|litellm_license|key_management_\\w+|use_azure_key_vault|use_google_kms"
                        + "|custom_key_generate)(\\W.*)?",
                "clients are known by keys: docs/keys.md. Secrets come from the environment");
        because(
                "general_settings\\.(forward_\\w+|allow_client_side_credentials|configurable_clientside_auth_params)(\\W.*)?",
                "no header or credential of a client reaches a provider: docs/security.md");
        because(
                "general_settings\\.(background_health_checks|health_check_\\w+|use_shared_health_check)(\\W.*)?",
                "health is learned from live calls: docs/routing.md#health");
        because(
                "litellm_settings\\.(set_verbose|json_logs|debug)|router_settings\\.debug_level|router_settings\\.set_verbose",
                "LOG_LEVEL says how much is logged");
        because("litellm_settings\\.cache_params\\..*", "the cache is in memory and in Redis: docs/caching.md");
        because(
                "model_list\\[\\d+]\\.litellm_params\\.(temperature|max_tokens|max_completion_tokens|top_p|top_k|seed|stop|n"
                        + "|presence_penalty|frequency_penalty|user|logit_bias|response_format|tools|tool_choice|stream"
                        + "|reasoning_effort|thinking|stream_options|metadata|extra_body|modalities|audio|logprobs"
                        + "|parallel_tool_calls|web_search_options|service_tier|system|guardrails)(\\W.*)?",
                "requests get no default values here; the client sends it, or a step of your own does:"
                        + " docs/cookbook/system-prompt.md");
        because(
                "router_settings\\.default_litellm_params.*",
                "requests get no default values here; the client sends them");
        because(
                "model_list\\[\\d+]\\.litellm_params\\.(mock_response|mock_timeout|mock_tool_calls).*",
                "the provider demo answers without anybody behind it");
        because(
                "model_list\\[\\d+]\\.litellm_params\\.(max_retries|num_retries|cooldown_time|allowed_fails).*",
                "a model group has retries, cooldowns are the same for all: docs/routing.md#settings");
        because("model_list\\[\\d+]\\.model_info\\..*", "describes the model for LiteLLM; nothing here asks for it");
        because(
                "litellm_settings\\.(telemetry|langfuse_default_tags|redact_user_api_key_info|drop_params)(\\W.*)?",
                "has no counterpart; docs/observability.md says what is told");
    }

    private LiteLlmReasons() {}

    private static void because(String names, String reason) {
        REASONS.put(Pattern.compile(names), reason);
    }

    static String of(Setting setting) {
        return REASONS.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(setting.name()).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("has no counterpart here");
    }
}
