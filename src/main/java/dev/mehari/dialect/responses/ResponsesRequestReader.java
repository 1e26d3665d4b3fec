package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.Message;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Responses request for a provider that is translated, after the conversation it goes on with. (A provider
 * that speaks this very API gets the client's bytes instead, and is the only one for what {@link OwnOnly} finds.) Source: OpenAI API reference, Responses, read 2026-11-21.
 * Stateless and thread-safe.
 */
public final class ResponsesRequestReader {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "input",
            "instructions",
            "previous_response_id",
            "store",
            "stream",
            "stream_options",
            "max_output_tokens",
            "parallel_tool_calls",
            "tools",
            "tool_choice",
            "text",
            "reasoning",
            "temperature",
            "top_p",
            "top_logprobs",
            "include",
            "metadata",
            "service_tier",
            "prompt_cache_key",
            "safety_identifier",
            "user");

    private static final Set<String> REASONING = Set.of("effort", "summary", "generate_summary", "context", "mode");

    /** Refused before this is read, unless they ask for nothing. */
    private static final List<String> OWN = List.of("background", "conversation", "prompt");

    private ResponsesRequestReader() {}

    /**
     * Reads one request.
     *
     * @param body UTF-8 JSON that has been scanned before
     * @param history the items of the conversation so far, oldest first
     * @param stored items that references may name, by id
     * @throws InvalidRequest a field is missing or of the wrong type; {@code param} is its path
     */
    public static ChatRequest read(byte[] body, List<JsonNode> history, Map<String, JsonNode> stored) {
        Fields request = Fields.of(Json.tree(body), "");
        Leftovers leftovers = new Leftovers();
        extras(request).fields().forEach(leftovers::note);
        Integer alone = wantsLogprobs(request) ? null : request.integer("top_logprobs", 0, 20);
        if (alone != null && alone > 0) {
            // Without the include nothing of it would be told.
            leftovers.note("top_logprobs", Json.MAPPER.getNodeFactory().numberNode(alone));
        }
        return new ChatRequest(
                request.string("model"),
                messages(request, history, stored, leftovers),
                ResponsesTools.tooling(request, leftovers),
                sampling(request),
                reasoning(request.object("reasoning"), leftovers),
                output(request.object("text"), leftovers),
                new ChatRequest.Delivery(request.isTrue("stream"), true),
                terms(request),
                leftovers.extras());
    }

    private static List<Message> messages(
            Fields request, List<JsonNode> history, Map<String, JsonNode> stored, Leftovers leftovers) {
        // What earlier requests held was told of in their answers.
        ItemReader items = new ItemReader(stored, new Leftovers());
        for (int i = 0; i < history.size(); i++) {
            items.read(Fields.of(history.get(i), "previous_response_id[" + i + "]"));
        }
        items.noteIn(leftovers);
        JsonNode input = request.need("input");
        if (input.isTextual()) {
            items.read(
                    Fields.of(Json.MAPPER.createObjectNode().put("role", "user").set("content", input), "input"));
        } else {
            Fields.objects(input, "input").forEach(items::read);
        }
        List<Message> messages = new ArrayList<>();
        String instructions = request.string("instructions");
        if (instructions != null && !instructions.isEmpty()) {
            messages.add(
                    new Message.Instructions(false, List.of(ContentPart.Text.of(instructions)), null, Extras.NONE));
        }
        messages.addAll(items.messages());
        if (messages.isEmpty()) {
            throw BadField.invalid("input", "Invalid 'input': it holds no message.", "invalid_value");
        }
        return messages;
    }

    private static boolean wantsLogprobs(Fields request) {
        return request.strings("include").contains("message.output_text.logprobs");
    }

    private static ChatRequest.Sampling sampling(Fields request) {
        boolean logprobs = wantsLogprobs(request);
        return new ChatRequest.Sampling(
                request.integer("max_output_tokens", 1, Integer.MAX_VALUE),
                request.number("temperature", 0, 2),
                request.number("top_p", 0, 1),
                null,
                null,
                List.of(),
                null,
                null,
                null,
                logprobs ? (Boolean) true : null,
                logprobs ? request.integer("top_logprobs", 0, 20) : null);
    }

    private static ChatRequest.Reasoning reasoning(@Nullable Fields reasoning, Leftovers leftovers) {
        if (reasoning == null) {
            return ChatRequest.Reasoning.DEFAULTS;
        }
        leftovers.note(reasoning, "reasoning.", REASONING);
        for (Map.Entry<String, String> usual :
                Map.of("context", "auto", "mode", "standard").entrySet()) {
            String asked = reasoning.string(usual.getKey());
            if (asked != null && !asked.equals(usual.getValue())) {
                leftovers.note("reasoning." + usual.getKey(), reasoning.need(usual.getKey()));
            }
        }
        String summary = reasoning.string("summary");
        return new ChatRequest.Reasoning(
                reasoning.string("effort"),
                null,
                null,
                summary == null ? reasoning.string("generate_summary") : summary);
    }

    private static ChatRequest.Output output(@Nullable Fields text, Leftovers leftovers) {
        if (text == null) {
            return ChatRequest.Output.DEFAULTS;
        }
        leftovers.note(text, "text.", Set.of("format", "verbosity"));
        return new ChatRequest.Output(format(text, leftovers), text.string("verbosity"), List.of());
    }

    private static @Nullable ResponseFormat format(Fields text, Leftovers leftovers) {
        Fields format = text.object("format");
        if (format == null) {
            return null;
        }
        leftovers.note(format, "text.format.", Set.of("type", "name", "description", "schema", "strict"));
        String type = format.needString("type");
        return switch (type) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" ->
                new ResponseFormat.JsonSchema(
                        format.needName("name"),
                        format.string("description"),
                        format.needObject("schema").raw(),
                        format.bool("strict"));
            default ->
                throw BadField.unknownValue(format.path("type"), type, List.of("text", "json_object", "json_schema"));
        };
    }

    private static ChatRequest.Terms terms(Fields request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        Fields given = request.object("metadata");
        if (given != null) {
            given.raw()
                    .properties()
                    .forEach(field ->
                            metadata.put(field.getKey(), field.getValue().asText()));
        }
        return new ChatRequest.Terms(
                request.string("user"),
                request.string("safety_identifier"),
                request.string("prompt_cache_key"),
                request.string("service_tier"),
                // Kept by the gateway itself, so the provider need not.
                null,
                metadata);
    }

    /** What has no typed home; values that ask for nothing are no extras. */
    private static Extras extras(Fields request) {
        Map<String, JsonNode> rest = new LinkedHashMap<>(request.except(KNOWN).fields());
        OWN.forEach(rest::remove);
        if ("disabled"
                .equals(rest.getOrDefault("truncation", Json.MAPPER.nullNode()).asText())) {
            rest.remove("truncation");
        }
        return new Extras(rest);
    }
}
