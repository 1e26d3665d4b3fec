package dev.mehari.provider.anthropic;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the model should think, in the form that it takes, and how many tokens it may spend in all. Immutable.
 *
 * <p>Source: Anthropic's guides to extended and adaptive thinking and to effort, read 2026-11-21.
 *
 * @param type {@code enabled}, {@code adaptive}, {@code disabled}, {@code between_tools}; null: nothing is said of it
 * @param budgetTokens with {@code enabled}
 * @param display {@code summarized} or {@code omitted}; null: the model's default
 * @param effort {@code output_config.effort}
 * @param maxTokens thinking included
 */
public record AnthropicThinking(
        @Nullable String type,
        int budgetTokens,
        @Nullable String display,
        @Nullable String effort,
        int maxTokens) {
    private static final int LEAST_BUDGET = 1024;

    /** Whether it thinks, which leaves no room for sampling parameters and forced tools. */
    public boolean isOn() {
        return "enabled".equals(type) || "adaptive".equals(type) || "between_tools".equals(type);
    }

    /**
     * @param defaultMaxTokens when the client names no limit
     * @param dropped gets the fields that the model cannot honour
     * @throws InvalidRequest a value that nobody knows
     */
    public static AnthropicThinking of(ChatRequest request, Model model, int defaultMaxTokens, List<String> dropped) {
        AnthropicThinking thinking = decided(request, model, defaultMaxTokens, dropped);
        Integer most = request.sampling().maxTokens();
        if (most != null && most > model.maxTokens()) {
            // It gets the most that the model gives, where Anthropic would answer 400.
            dropped.add(RequestField.MAX_TOKENS.title());
        }
        if (request.reasoning().summary() != null && !thinking.isOn()) {
            dropped.add(RequestField.REASONING_SUMMARY.title());
        }
        return thinking;
    }

    private static AnthropicThinking decided(
            ChatRequest request, Model model, int defaultMaxTokens, List<String> dropped) {
        ChatRequest.Reasoning wanted = request.reasoning();
        String mode = wanted.mode();
        String effort = effort(wanted.effort(), model);
        AnthropicThinking unlimited;
        if (mode == null) {
            unlimited = wanted.effort() == null ? said(null, null) : byEffort(wanted, effort, model);
        } else {
            unlimited = switch (mode) {
                case "enabled" -> enabled(wanted, effort, model);
                case "adaptive" -> adaptive(wanted, effort, model);
                case "disabled", "between_tools" -> off(wanted, effort, model);
                default -> throw unknown("thinking.type", mode, "enabled, adaptive, disabled and between_tools");
            };
        }
        AnthropicThinking limited = unlimited.within(request, model, defaultMaxTokens);
        boolean stays = limited.type() != null || !wantsThought(wanted);
        if (stays && !("enabled".equals(limited.type()) && lostItsThoughts(request))) {
            return limited;
        }
        dropped.add((mode == null ? RequestField.REASONING_EFFORT : RequestField.THINKING).title());
        return said(null, unlimited.effort()).within(request, model, defaultMaxTokens);
    }

    private static boolean wantsThought(ChatRequest.Reasoning wanted) {
        String mode = wanted.mode();
        return mode == null
                ? wanted.effort() != null && !wanted.effort().equals("none")
                : !mode.equals("disabled") && !mode.equals("between_tools");
    }

    private static AnthropicThinking said(@Nullable String type, @Nullable String effort) {
        return new AnthropicThinking(type, 0, null, effort, 0);
    }

    /** The client's effort as the model knows it; null when it has no such thing or nothing was asked. */
    private static @Nullable String effort(@Nullable String wanted, Model model) {
        if (wanted == null) {
            return null;
        }
        String known =
                switch (wanted) {
                    case "none" -> null;
                    case "minimal", "low" -> "low";
                    case "medium", "high", "max" -> wanted;
                    case "xhigh" -> model.can(Capability.XHIGH_EFFORT) ? "xhigh" : "high";
                    default ->
                        throw unknown("reasoning_effort", wanted, "none, minimal, low, medium, high, xhigh and max");
                };
        return model.can(Capability.EFFORT) ? known : null;
    }

    private static AnthropicThinking byEffort(ChatRequest.Reasoning wanted, @Nullable String effort, Model model) {
        String asked = wanted.effort();
        if ("none".equals(asked)) {
            return off(wanted, effort, model);
        }
        if (model.can(Capability.ADAPTIVE_THINKING)) {
            // Without it newer models think in silence, and the client would wait without a sign.
            return new AnthropicThinking("adaptive", 0, display(wanted, "summarized"), effort, 0);
        }
        return model.can(Capability.BUDGET_THINKING)
                ? new AnthropicThinking("enabled", budget(asked, model), display(wanted, null), null, 0)
                : said(null, null);
    }

    private static AnthropicThinking enabled(ChatRequest.Reasoning wanted, @Nullable String effort, Model model) {
        Integer asked = wanted.budgetTokens();
        if (model.can(Capability.BUDGET_THINKING)) {
            int budget = asked == null ? budget(wanted.effort(), model) : asked;
            return new AnthropicThinking("enabled", budget, display(wanted, null), effort, 0);
        }
        String instead = effort == null && asked != null && model.can(Capability.EFFORT) ? effort(asked) : effort;
        return adaptive(wanted, instead, model);
    }

    private static AnthropicThinking adaptive(ChatRequest.Reasoning wanted, @Nullable String effort, Model model) {
        if (model.can(Capability.ADAPTIVE_THINKING)) {
            return new AnthropicThinking("adaptive", 0, display(wanted, null), effort, 0);
        }
        return model.can(Capability.BUDGET_THINKING)
                ? new AnthropicThinking("enabled", budget(wanted.effort(), model), display(wanted, null), effort, 0)
                : said(null, effort);
    }

    /** No thinking, or as little as the model can do with; Anthropic takes at most high effort beside that. */
    private static AnthropicThinking off(ChatRequest.Reasoning wanted, @Nullable String effort, Model model) {
        String atMostHigh = "xhigh".equals(effort) || "max".equals(effort) ? "high" : effort;
        boolean mayThinkUnasked = model.can(Capability.ADAPTIVE_THINKING);
        if (model.can(Capability.BETWEEN_TOOLS_THINKING)) {
            return said("between_tools", atMostHigh);
        }
        if (model.can(Capability.DISABLED_THINKING)) {
            return said(mayThinkUnasked || wanted.mode() != null ? "disabled" : null, atMostHigh);
        }
        return said(null, mayThinkUnasked && model.can(Capability.EFFORT) ? "low" : atMostHigh);
    }

    private static String effort(int budget) {
        return budget < 2048 ? "low" : budget < 8192 ? "medium" : "high";
    }

    private static int budget(@Nullable String effort, Model model) {
        return switch (effort) {
            case "minimal" -> LEAST_BUDGET;
            case "low" -> 2048;
            case "high" -> 16_384;
            case "xhigh" -> 32_768;
            // As much as there is; an answer of some length must still fit.
            case "max" -> model.maxTokens();
            case null, default -> 8192;
        };
    }

    private static @Nullable String display(ChatRequest.Reasoning wanted, @Nullable String otherwise) {
        String summary = wanted.summary();
        return summary == null ? otherwise : summary.equals("omitted") ? summary : "summarized";
    }

    /**
     * Puts the whole under the client's limit, or adds the budget to ours. A budget that stands for an effort shrinks to
     * fit the client's limit; where not even the least fits there is no thinking.
     */
    private AnthropicThinking within(ChatRequest request, Model model, int defaultMaxTokens) {
        Integer asked = request.sampling().maxTokens();
        int answer = Math.min(asked == null ? defaultMaxTokens : asked, model.maxTokens());
        if (!"enabled".equals(type)) {
            return new AnthropicThinking(type, 0, display, effort, answer);
        }
        Integer named =
                request.reasoning().mode() == null ? null : request.reasoning().budgetTokens();
        int most = asked == null ? (int) Math.min((long) answer + budgetTokens, model.maxTokens()) : answer;
        if (named != null) {
            // The client's own word; whether it goes together with its limit it hears from Anthropic.
            return new AnthropicThinking(type, named, display, effort, most);
        }
        int room = asked == null ? most - Math.min(answer, most / 2) : most - most / 4;
        int budget = Math.min(budgetTokens, room);
        return budget < LEAST_BUDGET
                ? new AnthropicThinking(null, 0, null, effort, answer)
                : new AnthropicThinking(type, budget, display, effort, most);
    }

    /** Anthropic answers 400 to a budget when the turn to go on with called tools and its thoughts are gone. */
    private static boolean lostItsThoughts(ChatRequest request) {
        for (Message message : request.messages().reversed()) {
            if (message instanceof Message.Assistant assistant) {
                return !assistant.toolCalls().isEmpty()
                        && assistant.content().stream().noneMatch(AnthropicThinking::isThought);
            }
        }
        return false;
    }

    /** Whether a part is a thought of Claude's that it takes back. */
    static boolean isThought(AssistantPart part) {
        return switch (part) {
            case AssistantPart.Reasoning thought -> isOurs(thought.signature());
            case AssistantPart.RedactedReasoning thought -> isOurs(thought.data());
            default -> false;
        };
    }

    /** Other protocols put their name and a colon before theirs; Claude's are base64. */
    private static boolean isOurs(@Nullable String signature) {
        return signature != null && !signature.isEmpty() && signature.indexOf(':') < 0;
    }

    private static InvalidRequest unknown(String param, String value, String known) {
        return new InvalidRequest(
                "invalid_value", param, param + " \"" + value + "\" is not known; Claude takes " + known);
    }
}
