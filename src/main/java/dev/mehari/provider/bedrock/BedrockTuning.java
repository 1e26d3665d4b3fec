package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.config.AnthropicSettings;
import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.provider.anthropic.AnthropicThinking;
import dev.mehari.provider.bedrock.BedrockModel.Ability;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes how the answer is drawn and how much the model thinks: {@code inferenceConfig}, and in
 * {@code additionalModelRequestFields} what each family has of its own. One instance a request.
 */
final class BedrockTuning {
    /** Added to a thinking budget when the client names no limit. */
    private static final int ANSWER_TOKENS = 8192;

    private final ChatRequest request;
    private final ChatRequest.Sampling sampling;
    private final BedrockModel model;
    private final List<String> dropped;
    private final @Nullable AnthropicThinking thinking;
    private final @Nullable String effort;

    BedrockTuning(ChatRequest request, BedrockModel model, List<String> dropped) {
        this.request = request;
        this.sampling = request.sampling();
        this.model = model;
        this.dropped = dropped;
        AnthropicSettings.Model claude = model.claude();
        this.thinking = claude == null ? null : AnthropicThinking.of(request, claude, ANSWER_TOKENS, dropped);
        this.effort = claude == null ? effort() : null;
    }

    /** Whether it is Claude and thinks. */
    boolean thinks() {
        return thinking != null && thinking.isOn();
    }

    private @Nullable String effort() {
        ChatRequest.Reasoning wanted = request.reasoning();
        if (wanted.mode() != null || wanted.budgetTokens() != null) {
            dropped.add(RequestField.THINKING.title());
        }
        if (wanted.summary() != null) {
            dropped.add(RequestField.REASONING_SUMMARY.title());
        }
        if (wanted.effort() == null) {
            return null;
        }
        String known =
                switch (wanted.effort()) {
                    case "none" -> model.can(Ability.EFFORT_NOVA) ? "none" : null;
                    case "minimal", "low" -> "low";
                    case "medium" -> "medium";
                    case "high", "xhigh", "max" -> "high";
                    default ->
                        throw new InvalidRequest(
                                "invalid_value",
                                "reasoning_effort",
                                "reasoning_effort \"" + wanted.effort()
                                        + "\" is not known; use none, minimal, low, medium, high, xhigh or max");
                };
        if (known == null || !(model.can(Ability.EFFORT_FIELD) || model.can(Ability.EFFORT_NOVA))) {
            dropped.add(RequestField.REASONING_EFFORT.title());
            return null;
        }
        return known;
    }

    void inference(JsonWriter out) {
        Integer maxTokens = limited(maxTokens(), RequestField.MAX_TOKENS);
        Double temperature = drawn(sampling.temperature(), RequestField.TEMPERATURE);
        Double topP = drawn(sampling.topP(), RequestField.TOP_P);
        if (model.isClaude() && temperature != null && topP != null) {
            // Anthropic: not both; newer models answer 400.
            dropped.add(RequestField.TOP_P.title());
            topP = null;
        }
        List<String> stop =
                sampling.stop().stream().filter(text -> !text.isBlank()).toList();
        if (maxTokens == null && temperature == null && topP == null && stop.isEmpty()) {
            return;
        }
        out.name("inferenceConfig").object();
        if (maxTokens != null) {
            out.name("maxTokens").number(maxTokens);
        }
        if (temperature != null) {
            out.name("temperature").raw(Double.toString(Math.min(1, temperature)));
        }
        if (topP != null) {
            out.name("topP").raw(Double.toString(topP));
        }
        if (!stop.isEmpty()) {
            out.name("stopSequences").list();
            stop.forEach(out::text);
            out.endList();
        }
        out.endObject();
    }

    private @Nullable Integer maxTokens() {
        AnthropicThinking claude = thinking;
        if (claude == null || (sampling.maxTokens() == null && !"enabled".equals(claude.type()))) {
            // Converse asks for none: the model's own limit holds.
            return sampling.maxTokens();
        }
        return claude.maxTokens();
    }

    /** A value that has no place beside thinking, and at newer models none at all. */
    private <T> @Nullable T drawn(@Nullable T value, RequestField field) {
        boolean free = !model.isClaude() || (model.claudeCan(Capability.SAMPLING) && !thinks());
        if (value != null && !free) {
            dropped.add(field.title());
            return null;
        }
        return limited(value, field);
    }

    /** Nova 2 at high effort takes no limit and no sampling. Source: Nova 2 developer guide, read 2026-11-21. */
    private <T> @Nullable T limited(@Nullable T value, RequestField field) {
        if (value != null && model.can(Ability.EFFORT_NOVA) && "high".equals(effort)) {
            dropped.add(field.title());
            return null;
        }
        return value;
    }

    /** @param claudeChoice Claude's own {@code tool_choice}, JSON */
    void additional(@Nullable String claudeChoice, JsonWriter out) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (claudeChoice != null) {
            fields.put("tool_choice", claudeChoice);
        }
        claude(fields);
        topK(fields);
        reasoning(fields);
        JsonNode beta = request.extras().get("anthropic_beta");
        if (beta != null && model.isClaude()) {
            fields.put("anthropic_beta", beta.isTextual() ? "[" + Json.text(beta) + "]" : Json.text(beta));
        } else if (beta != null) {
            dropped.add("anthropic_beta");
        }
        // What the client says in the model's own words counts most.
        JsonNode own = request.extras().get("additionalModelRequestFields");
        if (own != null) {
            own.properties().forEach(field -> fields.put(field.getKey(), Json.text(field.getValue())));
        }
        if (!fields.isEmpty()) {
            out.name("additionalModelRequestFields").object();
            fields.forEach((name, json) -> out.name(name).raw(json));
            out.endObject();
        }
        wantedBack(out);
    }

    private void wantedBack(JsonWriter out) {
        Set<String> paths = new LinkedHashSet<>();
        if (model.isClaude() && !sampling.stop().isEmpty()) {
            // Converse itself does not tell which one it was.
            paths.add("/stop_sequence");
        }
        JsonNode own = request.extras().get("additionalModelResponseFieldPaths");
        if (own != null && own.isArray()) {
            own.forEach(path -> paths.add(path.asText()));
        } else if (own != null) {
            dropped.add("additionalModelResponseFieldPaths");
        }
        if (!paths.isEmpty()) {
            out.name("additionalModelResponseFieldPaths").list();
            paths.forEach(out::text);
            out.endList();
        }
    }

    private void claude(Map<String, String> fields) {
        AnthropicThinking claude = thinking;
        if (claude == null) {
            return;
        }
        if (claude.type() != null) {
            StringBuilder json = new StringBuilder("{\"type\":").append(Json.quoted(claude.type()));
            if (claude.type().equals("enabled")) {
                json.append(",\"budget_tokens\":").append(claude.budgetTokens());
            }
            if (claude.display() != null) {
                json.append(",\"display\":").append(Json.quoted(claude.display()));
            }
            fields.put("thinking", json.append('}').toString());
        }
        if (claude.effort() != null) {
            fields.put("output_config", "{\"effort\":" + Json.quoted(claude.effort()) + "}");
        }
    }

    private void topK(Map<String, String> fields) {
        Integer topK = drawn(sampling.topK(), RequestField.TOP_K);
        if (topK == null) {
            return;
        }
        if (model.isClaude()) {
            fields.put("top_k", topK.toString());
        } else if (model.can(Ability.TOP_K_NOVA)) {
            fields.put("inferenceConfig", "{\"topK\":" + topK + "}");
        } else if (model.can(Ability.TOP_K_COHERE)) {
            fields.put("k", topK.toString());
        } else {
            dropped.add(RequestField.TOP_K.title());
        }
    }

    private void reasoning(Map<String, String> fields) {
        if (effort == null) {
            return;
        }
        if (model.can(Ability.EFFORT_FIELD)) {
            fields.put("reasoning_effort", Json.quoted(effort));
        } else {
            fields.put(
                    "reasoningConfig",
                    effort.equals("none")
                            ? "{\"type\":\"disabled\"}"
                            : "{\"type\":\"enabled\",\"maxReasoningEffort\":" + Json.quoted(effort) + "}");
        }
    }
}
