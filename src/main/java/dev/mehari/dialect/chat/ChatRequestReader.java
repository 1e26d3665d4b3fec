package dev.mehari.dialect.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Chat Completions request for a provider that is translated. (A provider that speaks this very API gets the
 * client's bytes instead.) Deprecated fields are read as their successors: {@code functions} as tools,
 * {@code function} messages as tool results, {@code max_tokens} as {@code max_completion_tokens}. Fields it does not
 * know are kept as {@link Extras} and are never an error.
 *
 * <p>Source: OpenAI API reference, Chat Completions, read 2026-11-21. Stateless and thread-safe.
 */
public final class ChatRequestReader {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "max_completion_tokens",
            "max_tokens",
            "temperature",
            "top_p",
            "n",
            "stop",
            "presence_penalty",
            "frequency_penalty",
            "logprobs",
            "top_logprobs",
            "seed",
            "response_format",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "functions",
            "function_call",
            "reasoning_effort",
            "verbosity",
            "modalities",
            "service_tier",
            "prompt_cache_key",
            "safety_identifier",
            "user",
            "store");

    private ChatRequestReader() {}

    /**
     * Reads one request.
     *
     * @param body UTF-8 JSON, one Chat Completions request
     * @throws InvalidRequest when it is not JSON, or a field is missing or of the wrong type; {@code param} is the
     *     field's path, such as {@code messages[2].content[0].image_url.url}
     */
    public static ChatRequest read(byte[] body) {
        Fields request = Fields.of(parse(body), "");
        Leftovers leftovers = new Leftovers();
        extras(request).fields().forEach(leftovers::note);
        return new ChatRequest(
                request.string("model"),
                MessageReader.messages(request, leftovers),
                ToolReader.tooling(request, leftovers),
                sampling(request),
                reasoning(request),
                new ChatRequest.Output(
                        FormatReader.format(request, leftovers),
                        request.string("verbosity"),
                        request.strings("modalities")),
                delivery(request),
                terms(request),
                leftovers.extras());
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode tree = Json.MAPPER.readTree(body);
            if (tree.isMissingNode()) {
                throw notJson("it is empty");
            }
            return tree;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw notJson(e.getOriginalMessage() + where);
        } catch (IOException e) {
            throw notJson("it is not UTF-8");
        }
    }

    private static InvalidRequest notJson(String why) {
        return new InvalidRequest(null, "The body of the request is not valid JSON: " + why);
    }

    /** {@code thinking} is Anthropic's, which LiteLLM brought here; beside an effort it says what that leaves open. */
    private static ChatRequest.Reasoning reasoning(Fields request) {
        String effort = request.string("reasoning_effort");
        JsonNode thinking = request.get("thinking");
        if (thinking == null || !isThinking(thinking)) {
            return ChatRequest.Reasoning.of(effort);
        }
        JsonNode budget = thinking.path("budget_tokens");
        return new ChatRequest.Reasoning(
                effort,
                thinking.path("type").textValue(),
                budget.isInt() && budget.intValue() > 0 ? (Integer) budget.intValue() : null,
                thinking.path("display").textValue());
    }

    private static boolean isThinking(@Nullable JsonNode thinking) {
        return thinking != null && thinking.path("type").isTextual();
    }

    private static ChatRequest.Sampling sampling(Fields request) {
        Integer newer = request.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        Integer older = request.integer("max_tokens", 1, Integer.MAX_VALUE);
        return new ChatRequest.Sampling(
                newer == null ? older : newer,
                request.number("temperature", 0, 2),
                request.number("top_p", 0, 1),
                topK(request),
                request.integer("n", 1, 128),
                stop(request),
                request.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                request.number("presence_penalty", -2, 2),
                request.number("frequency_penalty", -2, 2),
                request.bool("logprobs"),
                request.integer("top_logprobs", 0, 20));
    }

    /** Not OpenAI's, but sent by many: taken where it is an integer, left among the extras where it is not. */
    private static @Nullable Integer topK(Fields request) {
        JsonNode value = request.get("top_k");
        return value != null && value.isInt() && value.intValue() > 0 ? (Integer) value.intValue() : null;
    }

    private static List<String> stop(Fields request) {
        JsonNode stop = request.get("stop");
        List<String> texts = stop != null && stop.isTextual() ? List.of(stop.textValue()) : request.strings("stop");
        return texts.stream().filter(text -> !text.isEmpty()).toList();
    }

    private static ChatRequest.Delivery delivery(Fields request) {
        Fields options = request.object("stream_options");
        return new ChatRequest.Delivery(request.isTrue("stream"), options != null && options.isTrue("include_usage"));
    }

    private static ChatRequest.Terms terms(Fields request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (plainMetadata(request)) {
            request.needObject("metadata")
                    .raw()
                    .properties()
                    .forEach(field ->
                            metadata.put(field.getKey(), field.getValue().textValue()));
        }
        return new ChatRequest.Terms(
                request.string("user"),
                request.string("safety_identifier"),
                request.string("prompt_cache_key"),
                request.string("service_tier"),
                request.bool("store"),
                metadata);
    }

    /** Voice platforms put whole objects into {@code metadata}; those stay among the extras. */
    private static boolean plainMetadata(Fields request) {
        Fields metadata = request.object("metadata");
        return metadata != null
                && metadata.raw().properties().stream()
                        .allMatch(field -> field.getValue().isTextual());
    }

    private static Extras extras(Fields request) {
        Set<String> typed = new LinkedHashSet<>(KNOWN);
        if (plainMetadata(request)) {
            typed.add("metadata");
        }
        if (topK(request) != null) {
            typed.add("top_k");
        }
        if (isThinking(request.get("thinking"))) {
            typed.add("thinking");
        }
        JsonNode provider = request.get("provider");
        if (provider != null && provider.isTextual()) {
            // It chose who serves the call; an object is OpenRouter's own.
            typed.add("provider");
        }
        return request.except(typed);
    }
}
