package dev.mehari.chat;

import dev.mehari.chat.ChatRequest.Sampling;
import dev.mehari.chat.ContentPart.Audio;
import dev.mehari.chat.ContentPart.Document;
import dev.mehari.chat.ContentPart.Image;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything a client can ask for in a request, by name, and how to tell whether it did. A field whose value asks for
 * nothing (a penalty of 0, one choice) counts as absent. Protocols say of each whether they keep, map, drop or reject it,
 * and docs/compatibility.md is made from that.
 */
public enum RequestField {
    SYSTEM("messages[].system", request -> has(request, Message.Instructions.class)),
    LATE_SYSTEM("messages[].system after the first turn", RequestField::hasLateSystem),
    MESSAGE_NAME("messages[].name", RequestField::hasNames),
    IMAGE("messages[].content[].image (data)", request -> holds(request, Image.class, MediaSource.Inline.class)),
    IMAGE_URL("messages[].content[].image (URL)", request -> holds(request, Image.class, MediaSource.Url.class)),
    IMAGE_DETAIL("messages[].content[].image.detail", RequestField::hasDetail),
    DOCUMENT("messages[].content[].file (data)", request -> holds(request, Document.class, MediaSource.Inline.class)),
    DOCUMENT_URL("messages[].content[].file (URL)", request -> holds(request, Document.class, MediaSource.Url.class)),
    DOCUMENT_NAME("messages[].content[].file.filename", RequestField::hasDocumentName),
    FILE_ID("messages[].content[].file_id", RequestField::hasFileId),
    AUDIO("messages[].content[].input_audio", request -> inContent(request, Audio.class::isInstance)),
    CACHE_MARK("messages[].content[].cache_control", RequestField::hasCacheMark),
    REFUSAL_HISTORY("messages[].refusal", request -> inAnswers(request, AssistantPart.Refusal.class)),
    REASONING_HISTORY("messages[].reasoning_content", request -> inAnswers(request, AssistantPart.Reasoning.class)),
    REASONING_SIGNATURE("messages[].thinking_blocks[].signature", RequestField::hasSignature),
    REDACTED_REASONING(
            "messages[].thinking_blocks[].data", request -> inAnswers(request, AssistantPart.RedactedReasoning.class)),
    TOOL_CALLS("messages[].tool_calls", request -> inAnswers(request, ToolCall.class)),
    TOOL_RESULTS("messages[].tool_call_id", request -> has(request, Message.ToolResult.class)),
    TOOL_RESULT_ERROR("messages[].is_error", RequestField::hasFailedResult),
    TOOL_RESULT_MEDIA("messages[] of a tool: images and files", RequestField::hasResultMedia),
    TOOLS("tools", request -> tool(request, Tool.Function.class::isInstance)),
    STRICT_TOOLS("tools[].strict", RequestField::hasStrictTools),
    CUSTOM_TOOLS("tools[].custom", request -> tool(request, Tool.Custom.class::isInstance)),
    BUILT_IN_TOOLS("tools[] run by the provider", request -> tool(request, Tool.BuiltIn.class::isInstance)),
    TOOL_CHOICE("tool_choice", request -> request.tooling().choice() != null),
    ALLOWED_TOOLS("tool_choice.allowed_tools", request -> request.tooling().choice() instanceof ToolChoice.Allowed),
    PARALLEL_TOOL_CALLS(
            "parallel_tool_calls",
            request -> Boolean.FALSE.equals(request.tooling().parallel())),
    MAX_TOKENS("max_completion_tokens", sampling(Sampling::maxTokens)),
    TEMPERATURE("temperature", sampling(Sampling::temperature)),
    TOP_P("top_p", sampling(Sampling::topP)),
    TOP_K("top_k", sampling(Sampling::topK)),
    CHOICES("n", request -> atLeast(request.sampling().n(), 2)),
    STOP("stop", request -> !request.sampling().stop().isEmpty()),
    SEED("seed", sampling(Sampling::seed)),
    PRESENCE_PENALTY("presence_penalty", request -> isSet(request.sampling().presencePenalty())),
    FREQUENCY_PENALTY("frequency_penalty", request -> isSet(request.sampling().frequencyPenalty())),
    LOGPROBS("logprobs", request -> Boolean.TRUE.equals(request.sampling().logprobs())),
    TOP_LOGPROBS("top_logprobs", request -> atLeast(request.sampling().topLogprobs(), 1)),
    REASONING_EFFORT("reasoning_effort", request -> request.reasoning().effort() != null),
    THINKING(
            "thinking",
            request -> request.reasoning().mode() != null || request.reasoning().budgetTokens() != null),
    REASONING_SUMMARY("reasoning.summary", request -> request.reasoning().summary() != null),
    JSON_OBJECT(
            "response_format: json_object", request -> request.output().format() instanceof ResponseFormat.JsonObject),
    JSON_SCHEMA(
            "response_format: json_schema", request -> request.output().format() instanceof ResponseFormat.JsonSchema),
    VERBOSITY("verbosity", request -> request.output().verbosity() != null),
    MODALITIES("modalities", RequestField::hasModalities),
    USER("user", request -> request.terms().user() != null),
    SAFETY_IDENTIFIER("safety_identifier", request -> request.terms().safetyIdentifier() != null),
    PROMPT_CACHE_KEY("prompt_cache_key", request -> request.terms().promptCacheKey() != null),
    SERVICE_TIER("service_tier", request -> request.terms().serviceTier() != null),
    STORE("store", request -> Boolean.TRUE.equals(request.terms().store())),
    METADATA("metadata", request -> !request.terms().metadata().isEmpty());

    private final String title;
    private final Predicate<ChatRequest> asked;

    RequestField(String title, Predicate<ChatRequest> asked) {
        this.title = title;
        this.asked = asked;
    }

    /** Its name in the chat dialect, for headers, messages and the table. */
    public String title() {
        return title;
    }

    /** Whether the request asks for it. */
    public boolean isIn(ChatRequest request) {
        return asked.test(request);
    }

    private static Predicate<ChatRequest> sampling(Function<Sampling, @Nullable Object> value) {
        return request -> value.apply(request.sampling()) != null;
    }

    private static boolean atLeast(@Nullable Integer value, int least) {
        return value != null && value >= least;
    }

    private static boolean isSet(@Nullable Double penalty) {
        return penalty != null && penalty != 0;
    }

    private static boolean tool(ChatRequest request, Predicate<Tool> kind) {
        return request.tooling().tools().stream().anyMatch(kind);
    }

    private static boolean hasStrictTools(ChatRequest request) {
        return tool(request, tool -> tool instanceof Tool.Function function && Boolean.TRUE.equals(function.strict()));
    }

    private static boolean hasModalities(ChatRequest request) {
        List<String> modalities = request.output().modalities();
        return !modalities.isEmpty() && !modalities.equals(List.of("text"));
    }

    private static boolean has(ChatRequest request, Class<? extends Message> kind) {
        return request.messages().stream().anyMatch(kind::isInstance);
    }

    private static boolean hasLateSystem(ChatRequest request) {
        return request.messages().stream()
                .dropWhile(Message.Instructions.class::isInstance)
                .anyMatch(Message.Instructions.class::isInstance);
    }

    private static boolean hasNames(ChatRequest request) {
        return request.messages().stream().anyMatch(message -> switch (message) {
            case Message.Instructions instructions -> instructions.name() != null;
            case Message.User user -> user.name() != null;
            case Message.Assistant assistant -> assistant.name() != null;
            case Message.ToolResult result -> false;
        });
    }

    private static Stream<AssistantPart> parts(ChatRequest request) {
        return request.messages().stream().flatMap(message -> message.content().stream());
    }

    private static boolean inContent(ChatRequest request, Predicate<AssistantPart> part) {
        return parts(request).anyMatch(part);
    }

    private static boolean inAnswers(ChatRequest request, Class<? extends AssistantPart> kind) {
        return inContent(request, kind::isInstance);
    }

    private static boolean holds(
            ChatRequest request, Class<? extends ContentPart> kind, Class<? extends MediaSource> source) {
        return inContent(request, part -> kind.isInstance(part) && source.isInstance(source(part)));
    }

    private static @Nullable MediaSource source(AssistantPart part) {
        return part instanceof Image image ? image.source() : part instanceof Document file ? file.source() : null;
    }

    /** Of one whose content is sent along: an address has its name in itself. */
    private static boolean hasDocumentName(ChatRequest request) {
        return inContent(
                request,
                part -> part instanceof Document file
                        && file.name() != null
                        && file.source() instanceof MediaSource.Inline);
    }

    private static boolean hasFileId(ChatRequest request) {
        return inContent(request, part -> source(part) instanceof MediaSource.FileId);
    }

    private static boolean hasDetail(ChatRequest request) {
        return inContent(
                request,
                part -> part instanceof Image image
                        && image.detail() != null
                        && !image.detail().equals("auto"));
    }

    private static boolean hasCacheMark(ChatRequest request) {
        return inContent(request, part -> part instanceof ContentPart content && content.cache() != null)
                || tool(request, tool -> tool instanceof Tool.Function function && function.cache() != null);
    }

    private static boolean hasSignature(ChatRequest request) {
        return inContent(
                request,
                part -> (part instanceof AssistantPart.Reasoning thought && thought.signature() != null)
                        || (part instanceof ToolCall call && call.signature() != null));
    }

    private static boolean hasFailedResult(ChatRequest request) {
        return request.messages().stream()
                .anyMatch(message -> message instanceof Message.ToolResult result && result.isError());
    }

    private static boolean hasResultMedia(ChatRequest request) {
        return request.messages().stream()
                .filter(Message.ToolResult.class::isInstance)
                .flatMap(message -> message.content().stream())
                .anyMatch(part -> !(part instanceof ContentPart.Text));
    }
}
