package dev.mehari.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to a model, as a superset of the client dialects (chat, responses, messages) and of what the providers
 * take. Immutable; raw JSON inside is not to be changed.
 *
 * @param model the model's name as the client wrote it; null when it left the choice to the gateway. What a provider is
 *     asked for is decided by routing, not here
 * @param messages at least one
 * @param extras top-level fields without a typed home, by their name in the client's dialect
 */
public record ChatRequest(
        @Nullable String model,
        List<Message> messages,
        Tooling tooling,
        Sampling sampling,
        Reasoning reasoning,
        Output output,
        Delivery delivery,
        Terms terms,
        Extras extras) {

    public ChatRequest {
        messages = List.copyOf(messages);
    }

    public ChatRequest withMessages(List<Message> others) {
        return new ChatRequest(model, others, tooling, sampling, reasoning, output, delivery, terms, extras);
    }

    /**
     * Tools and how to use them.
     *
     * @param choice null: the provider's default, which is auto where there are tools
     * @param parallel false: at most one call a turn
     * @param legacyFunctions the client spoke of {@code functions} and wants {@code function_call} back
     */
    public record Tooling(
            List<Tool> tools,
            @Nullable ToolChoice choice,
            @Nullable Boolean parallel,
            boolean legacyFunctions) {
        public static final Tooling NONE = new Tooling(List.of(), null, null, false);

        public Tooling {
            tools = List.copyOf(tools);
        }

        /** The tools that may be called: all of them, but for those that the choice leaves out. */
        public List<Tool> offered() {
            return choice instanceof ToolChoice.Allowed allowed
                    ? tools.stream()
                            .filter(tool -> allowed.names().contains(tool.name()))
                            .toList()
                    : tools;
        }

        /** Whether the answer has to be a call. */
        public boolean mustCall() {
            return choice instanceof ToolChoice.Required
                    || choice instanceof ToolChoice.Named
                    || (choice instanceof ToolChoice.Allowed allowed && allowed.required());
        }
    }

    /**
     * How the answer is drawn.
     *
     * @param maxTokens most output tokens, reasoning included
     * @param n how many choices
     * @param stop texts that end the answer and are not part of it; none when empty
     * @param logprobs whether log-probabilities are wanted, and {@code topLogprobs} how many alternatives
     */
    public record Sampling(
            @Nullable Integer maxTokens,
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Integer topK,
            @Nullable Integer n,
            List<String> stop,
            @Nullable Long seed,
            @Nullable Double presencePenalty,
            @Nullable Double frequencyPenalty,
            @Nullable Boolean logprobs,
            @Nullable Integer topLogprobs) {
        public static final Sampling DEFAULTS =
                new Sampling(null, null, null, null, null, List.of(), null, null, null, null, null);

        public Sampling {
            stop = List.copyOf(stop);
        }
    }

    /**
     * How much the model thinks, and what it shows of that.
     *
     * @param effort {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code xhigh} or
     *     {@code max}
     * @param mode Anthropic's {@code thinking.type}: {@code enabled}, {@code adaptive}, {@code disabled} or
     *     {@code between_tools}; null: as the effort says
     * @param budgetTokens most tokens to think with (Anthropic, Gemini 2.5)
     * @param summary {@code auto}, {@code concise} or {@code detailed} (Responses), {@code summarized} or
     *     {@code omitted} (Anthropic's {@code thinking.display})
     */
    public record Reasoning(
            @Nullable String effort,
            @Nullable String mode,
            @Nullable Integer budgetTokens,
            @Nullable String summary) {
        public static final Reasoning DEFAULTS = new Reasoning(null, null, null, null);

        public static Reasoning of(@Nullable String effort) {
            return new Reasoning(effort, null, null, null);
        }
    }

    /**
     * The form of the answer.
     *
     * @param verbosity {@code low}, {@code medium} or {@code high}
     * @param modalities {@code text}, {@code audio}, {@code image}; empty: the provider's default
     */
    public record Output(
            @Nullable ResponseFormat format, @Nullable String verbosity, List<String> modalities) {
        public static final Output DEFAULTS = new Output(null, null, List.of());

        public Output {
            modalities = List.copyOf(modalities);
        }
    }

    /**
     * How the answer travels.
     *
     * @param includeUsage whether a chat stream ends with a usage chunk
     */
    public record Delivery(boolean stream, boolean includeUsage) {
        public static final Delivery WHOLE = new Delivery(false, false);
    }

    /**
     * For whom and on what terms the call is served.
     *
     * @param user the end user's id, the older field; {@code safetyIdentifier} is its successor
     * @param promptCacheKey hint that requests with the same key share a prompt
     * @param store whether the provider may keep the answer for later retrieval
     */
    public record Terms(
            @Nullable String user,
            @Nullable String safetyIdentifier,
            @Nullable String promptCacheKey,
            @Nullable String serviceTier,
            @Nullable Boolean store,
            Map<String, String> metadata) {
        public static final Terms NONE = new Terms(null, null, null, null, null, Map.of());

        public Terms {
            metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        }
    }
}
