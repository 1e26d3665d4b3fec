package dev.mehari.cache;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolChoice;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Every record is taken apart by a pattern that names all its components, so that a component that comes later does not
 * compile before somebody has decided whether it changes the answer. Those that do not are named and left unused. Values
 * that ask for nothing (a penalty of 0, tool_choice "auto") count as absent, as some clients write defaults out.
 */
/**
 * A chat request as the bytes that tell whether another one asks the same, whatever API it came by and whatever the order
 * of its fields. One instance a request.
 */
public final class CanonicalChat {
    /** What a client may ask for without another answer: who asks, what is kept for later, and hints. */
    public static final Set<RequestField> IGNORED = Set.copyOf(EnumSet.of(
            RequestField.CACHE_MARK,
            RequestField.USER,
            RequestField.SAFETY_IDENTIFIER,
            RequestField.PROMPT_CACHE_KEY,
            RequestField.STORE,
            RequestField.METADATA));

    private final Canonical out = new Canonical();
    private final Predicate<String> ignored;
    private final Map<String, Integer> callIds = new HashMap<>(4);

    private CanonicalChat(Predicate<String> ignored) {
        this.ignored = ignored;
    }

    /**
     * The key of a request.
     *
     * @param tenant whose answers it may get; null: those of all who came without a key
     * @param model the resolved one, as {@link CacheKey#model()}; what the request itself says does not count
     * @param asking what headers ask for, in a fixed order
     * @param ignored extra fields that do not change the answer, by name
     */
    public static CacheKey key(
            @Nullable String tenant,
            String model,
            List<String> asking,
            ChatRequest request,
            Predicate<String> ignored) {
        CanonicalChat chat = new CanonicalChat(ignored);
        chat.out.mark('C').text(tenant).text(model).texts(asking);
        chat.request(request);
        return new CacheKey(model, chat.out.hash());
    }

    private void request(ChatRequest request) {
        switch (request) {
            case ChatRequest(
                    var model,
                    var messages,
                    var tooling,
                    var sampling,
                    var reasoning,
                    var output,
                    var delivery,
                    var terms,
                    var extras) -> {
                out.count(messages.size());
                messages.forEach(this::message);
                tooling(tooling);
                sampling(sampling);
                reasoning(reasoning);
                output(output);
                terms(terms);
                out.extras(extras, ignored);
            }
        }
    }

    private void message(Message message) {
        switch (message) {
            // OpenAI takes either for the other, developer or system.
            case Message.Instructions(var developer, var content, var name, var extras) ->
                message('S', content, name, extras);
            case Message.User(var content, var name, var extras) -> message('U', content, name, extras);
            case Message.Assistant(var content, var name, var extras) -> message('A', content, name, extras);
            case Message.ToolResult(var callId, var content, var isError, var extras) -> {
                message('T', content, null, extras);
                call(callId);
                out.flag(isError);
            }
        }
    }

    private void message(char kind, List<? extends AssistantPart> content, @Nullable String name, Extras extras) {
        out.mark(kind).count(content.size());
        content.forEach(this::part);
        out.text(name).extras(extras, none -> false);
    }

    private void part(AssistantPart part) {
        switch (part) {
            case ContentPart.Text(var text, var annotations, var cache) -> {
                out.mark('t').text(text).count(annotations.size());
                annotations.forEach(out::json);
            }
            case ContentPart.Image(var source, var detail, var cache) -> {
                out.mark('i').text(detail);
                source(source);
            }
            case ContentPart.Audio(var base64, var format, var cache) ->
                out.mark('a').text(base64).text(format);
            case ContentPart.Document(var source, var name, var cache, var extras) -> {
                out.mark('d').text(name).extras(extras, none -> false);
                source(source);
            }
            case ContentPart.Opaque(var protocol, var block) ->
                out.mark('o').text(protocol).json(block);
            case AssistantPart.Refusal(var text) -> out.mark('n').text(text);
            // The block's name changes nothing.
            case AssistantPart.Reasoning(var id, var text, var signature) ->
                out.mark('r').text(text).text(signature);
            case AssistantPart.RedactedReasoning(var data) -> out.mark('h').text(data);
            case ToolCall(var id, var custom, var name, var arguments, var signature) -> {
                out.mark('c').flag(custom).text(name).text(arguments).text(signature);
                call(id);
            }
        }
    }

    /** Ids differ from conversation to conversation; only which result belongs to which call matters. */
    private void call(String id) {
        out.count(callIds.computeIfAbsent(id, fresh -> callIds.size()));
    }

    private void source(MediaSource source) {
        switch (source) {
            case MediaSource.Inline(var mediaType, var base64) ->
                out.mark('b').text(mediaType).text(base64);
            case MediaSource.Url(var url) -> out.mark('w').text(url);
            case MediaSource.FileId(var id) -> out.mark('f').text(id);
        }
    }

    private void tooling(ChatRequest.Tooling tooling) {
        switch (tooling) {
            // In which form calls go back is the dialect's affair.
            case ChatRequest.Tooling(var tools, var choice, var parallel, var legacyFunctions) -> {
                out.count(tools.size());
                tools.forEach(this::tool);
                choice(choice);
                out.flag(Boolean.FALSE.equals(parallel));
            }
        }
    }

    private void tool(Tool tool) {
        switch (tool) {
            case Tool.Function(var name, var description, var parameters, var strict, var cache) ->
                out.mark('f').text(name).text(description).json(parameters).flag(strict);
            case Tool.Custom(var name, var description, var format) ->
                out.mark('c').text(name).text(description).json(format);
            case Tool.BuiltIn(var type, var definition) ->
                out.mark('b').text(type).json(definition);
        }
    }

    private void choice(@Nullable ToolChoice choice) {
        switch (choice) {
            case null -> out.mark('a');
            case ToolChoice.Auto() -> out.mark('a');
            case ToolChoice.None() -> out.mark('n');
            case ToolChoice.Required() -> out.mark('r');
            case ToolChoice.Named(var name, var custom) ->
                out.mark('t').text(name).flag(custom);
            case ToolChoice.Allowed(var required, var names) ->
                out.mark('l').flag(required).texts(names);
        }
    }

    private void sampling(ChatRequest.Sampling sampling) {
        switch (sampling) {
            case ChatRequest.Sampling(
                    var maxTokens,
                    var temperature,
                    var topP,
                    var topK,
                    var n,
                    var stop,
                    var seed,
                    var presencePenalty,
                    var frequencyPenalty,
                    var logprobs,
                    var topLogprobs) ->
                out.number(maxTokens)
                        .number(temperature)
                        .number(topP)
                        .number(topK)
                        .number(n == null ? (Integer) 1 : n)
                        .texts(stop)
                        .number(seed)
                        .number(presencePenalty == null ? (Double) 0.0 : presencePenalty)
                        .number(frequencyPenalty == null ? (Double) 0.0 : frequencyPenalty)
                        .flag(Boolean.TRUE.equals(logprobs))
                        .number(topLogprobs == null ? (Integer) 0 : topLogprobs);
        }
    }

    private void reasoning(ChatRequest.Reasoning reasoning) {
        switch (reasoning) {
            case ChatRequest.Reasoning(var effort, var mode, var budgetTokens, var summary) ->
                out.text(effort).text(mode).number(budgetTokens).text(summary);
        }
    }

    private void output(ChatRequest.Output output) {
        switch (output) {
            case ChatRequest.Output(var format, var verbosity, var modalities) -> {
                format(format);
                out.text(verbosity).texts(modalities.equals(List.of("text")) ? List.of() : modalities);
            }
        }
    }

    private void format(@Nullable ResponseFormat format) {
        switch (format) {
            case null -> out.mark('t');
            case ResponseFormat.Text() -> out.mark('t');
            case ResponseFormat.JsonObject() -> out.mark('o');
            case ResponseFormat.JsonSchema(var name, var description, var schema, var strict) ->
                out.mark('s').text(name).text(description).json(schema).flag(strict);
        }
    }

    private void terms(ChatRequest.Terms terms) {
        switch (terms) {
            case ChatRequest.Terms(
                    var user,
                    var safetyIdentifier,
                    var promptCacheKey,
                    var serviceTier,
                    var store,
                    var metadata) -> out.text(serviceTier);
        }
    }
}
