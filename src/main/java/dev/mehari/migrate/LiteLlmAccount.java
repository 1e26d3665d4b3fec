package dev.mehari.migrate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from {@code litellm_params} who is asked, where, and with which credentials. For one thread. */
final class LiteLlmAccount {
    private final Draft draft;
    private final Vendor vendor;
    private final Setting params;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private String label = "";

    private LiteLlmAccount(Draft draft, Vendor vendor, Setting params) {
        this.draft = draft;
        this.vendor = vendor;
        this.params = params;
    }

    /** Null: it lacks an address, which was told. */
    static @Nullable Account read(Draft draft, Vendor vendor, Setting params, @Nullable String region) {
        return new LiteLlmAccount(draft, vendor, params).read(region);
    }

    private @Nullable Account read(@Nullable String region) {
        key();
        address();
        version();
        put("headers", headers());
        switch (vendor.protocol()) {
            case "azure" -> azure();
            case "bedrock", "bedrock-agent" -> aws(region);
            case "vertex" -> google();
            default -> {
                // A key and an address are all.
            }
        }
        leaveShippedKey();
        if (vendor.baseUrl() == null && !vendor.shipped() && !settings.containsKey("base-url")) {
            draft.lost(params, "names no api_base, and its vendor has none of its own; the model is left out");
            return null;
        }
        return new Account(vendor, settings, label);
    }

    private void key() {
        String variable = vendor.variable() == null ? variableName(vendor.provider()) : vendor.variable();
        String key = draft.secret(params, "api_key", variable);
        if (key == null && vendor.variable() != null) {
            // Where LiteLLM looks for it then.
            key = draft.placeholder(variable);
        }
        if (key != null) {
            settings.put("api-key", key);
            label = labelOf(key);
        }
    }

    /** The shipped provider has it already, where it is asked at its own address. */
    private void leaveShippedKey() {
        String shipped = "${" + variableName(vendor.provider()) + ":}";
        boolean own = vendor.shipped() && !isAzure() && !settings.containsKey("base-url");
        if (own && shipped.equals(settings.get("api-key"))) {
            settings.remove("api-key");
        }
    }

    private boolean isAzure() {
        return vendor.protocol().equals("azure");
    }

    /** As shipped settings name the variable of a key. */
    private static String variableName(String provider) {
        return provider.toUpperCase(Locale.ROOT).replace('-', '_') + "_API_KEY";
    }

    private void address() {
        String base = draft.value(params, "api_base");
        String url = draft.value(params, "base_url");
        String address = base == null ? url : base;
        if (address == null && vendor.provider().equals("azure")) {
            address = draft.placeholder("AZURE_API_BASE");
        }
        if (address == null || address.matches("https://api\\.openai\\.com(/v1)?/?")) {
            return;
        }
        if (vendor.protocol().equals("vertex") || vendor.protocol().equals("bedrock-agent")) {
            Setting setting = params.get("api_base");
            draft.lost(setting == null ? params : setting, "its address follows from location or region here");
            return;
        }
        if (vendor.provider().equals("ollama") && !address.contains("$") && !address.endsWith("/v1")) {
            // LiteLLM speaks Ollama's own API there; its OpenAI one is below /v1.
            address = address.replaceAll("/+$", "") + "/v1";
        }
        settings.put("base-url", address);
        label = labelOf(address);
    }

    /** From the first part of a host's name, or from that of a variable. */
    private static String labelOf(String text) {
        if (text.startsWith("${")) {
            return text.replaceAll("^\\$\\{|:?}.*$", "")
                    .replaceAll("_?(API_KEY|API_BASE|BASE_URL|ENDPOINT|URL|KEY)(?=(_\\d+)?$)", "");
        }
        String host = text.replaceAll("^https?://", "").replaceAll("/.*$", "");
        return host.matches("[\\d.:]+|localhost.*") ? host : host.replaceAll("\\..*$", "");
    }

    private void version() {
        String version = draft.value(params, "api_version");
        if (version == null && vendor.provider().equals("azure")) {
            // LiteLLM's own default when nothing names one is a dated version.
            version = draft.placeholder("AZURE_API_VERSION");
        }
        put("api-version", version);
    }

    private @Nullable Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String key : Set.of("extra_headers", "headers")) {
            Setting setting = params.get(key);
            if (setting != null) {
                setting.entries().forEach((name, value) -> {
                    String text = draft.value(setting, name);
                    if (text != null) {
                        headers.put(name.toLowerCase(Locale.ROOT), text);
                    }
                });
            }
        }
        String organization = draft.value(params, "organization");
        if (organization != null) {
            headers.put("openai-organization", organization);
        }
        return headers.isEmpty() ? null : headers;
    }

    private void azure() {
        String tenant = draft.value(params, "tenant_id");
        if (tenant != null) {
            put("entra.tenant-id", tenant);
            put("entra.client-id", draft.value(params, "client_id"));
            put("entra.client-secret", draft.secret(params, "client_secret", "AZURE_CLIENT_SECRET"));
            settings.remove("api-key");
        }
        Setting token = params.get("azure_ad_token");
        if (token != null) {
            draft.lost(token, "tokens of Entra ID are fetched here: set tenant_id, client_id and client_secret");
        }
    }

    /** @param inName the region in a model's name; null: none */
    private void aws(@Nullable String inName) {
        String region = draft.value(params, "aws_region_name");
        String named = region == null ? inName : region;
        if (named != null) {
            String part = named.replaceAll(":}$", ":us-east-1}");
            String host = vendor.protocol().equals("bedrock") ? "bedrock-runtime." : "bedrock-agent-runtime.";
            put("aws.region", part);
            settings.putIfAbsent("base-url", "https://" + host + part + ".amazonaws.com");
            put("public-url", "https://" + host + part + ".amazonaws.com");
            label = labelOf(named);
        }
        put("aws.access-key-id", draft.secret(params, "aws_access_key_id", "AWS_ACCESS_KEY_ID"));
        put("aws.secret-access-key", draft.secret(params, "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"));
        put("aws.session-token", draft.secret(params, "aws_session_token", "AWS_SESSION_TOKEN"));
        put("aws.profile", draft.value(params, "aws_profile_name"));
        String endpoint = draft.value(params, "aws_bedrock_runtime_endpoint");
        if (endpoint != null) {
            settings.put("base-url", endpoint);
        }
        for (String key : new String[] {"aws_role_name", "aws_session_name", "aws_web_identity_token"}) {
            Setting setting = params.get(key);
            if (setting != null) {
                draft.lost(setting, "roles are assumed by a profile (aws.profile) or by the platform's web identity");
            }
        }
    }

    private void google() {
        put("google.project", draft.value(params, "vertex_project"));
        put("google.location", draft.value(params, "vertex_location"));
        Setting credentials = params.get("vertex_credentials");
        if (credentials == null) {
            return;
        }
        boolean inline = !credentials.isText()
                || String.valueOf(params.text("vertex_credentials")).startsWith("{");
        if (inline) {
            draft.lost(credentials, "credentials are read from a file: save them and name it in google.credentials");
        } else {
            put("google.credentials", draft.value(params, "vertex_credentials"));
        }
    }

    private void put(String name, @Nullable Object value) {
        if (value != null) {
            settings.put(name, value);
        }
    }
}
