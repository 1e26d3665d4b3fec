package dev.mehari.dialect.messages;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Messages request for a provider that is translated. (A provider that speaks this very API gets the client's
 * bytes instead.) Fields it does not know are kept among the extras and are never an error; blocks it does not know are.
 *
 * <p>Source: Anthropic API reference, Create a Message, read 2026-11-21. Stateless and thread-safe.
 */
public final class MessagesRequestReader {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "provider",
            "messages",
            "system",
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "stream",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "output_format",
            "metadata",
            "service_tier");

    private MessagesRequestReader() {}

    /**
     * Reads one request.
     *
     * @param body UTF-8 JSON, one Messages request that was read once before
     * @throws InvalidRequest a field is missing or of the wrong type; {@code param} is its path, such as
     *     {@code messages[2].content[0].source.media_type}
     */
    public static ChatRequest read(byte[] body) {
        Fields request = Fields.of(Json.tree(body), "");
        Leftovers leftovers = new Leftovers();
        leftovers.note(request, "", KNOWN);
        return new ChatRequest(
                request.string("model"),
                TurnReader.messages(request, leftovers),
                ToolReader.tooling(request, leftovers),
                sampling(request),
                ThinkingReader.reasoning(request, leftovers),
                new ChatRequest.Output(FormatReader.format(request, leftovers), null, List.of()),
                new ChatRequest.Delivery(request.isTrue("stream"), true),
                terms(request, leftovers),
                leftovers.extras());
    }

    private static ChatRequest.Sampling sampling(Fields request) {
        request.need("max_tokens");
        return new ChatRequest.Sampling(
                request.integer("max_tokens", 1, Integer.MAX_VALUE),
                request.number("temperature", 0, 1),
                request.number("top_p", 0, 1),
                request.integer("top_k", 0, Integer.MAX_VALUE),
                null,
                stop(request),
                null,
                null,
                null,
                null,
                null);
    }

    private static List<String> stop(Fields request) {
        List<String> texts = request.strings("stop_sequences");
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) {
                String path = "stop_sequences[" + i + "]";
                throw BadField.invalid(
                        path,
                        "Invalid '" + path + "': each stop sequence must contain non-whitespace.",
                        "invalid_value");
            }
        }
        return texts;
    }

    private static ChatRequest.Terms terms(Fields request, Leftovers leftovers) {
        Fields metadata = request.object("metadata");
        if (metadata != null) {
            leftovers.note(metadata, "metadata.", Set.of("user_id"));
        }
        return new ChatRequest.Terms(
                metadata == null ? null : metadata.string("user_id"), null, null, tier(request), null, Map.of());
    }

    /** In OpenAI's words, which the hub speaks. */
    private static @Nullable String tier(Fields request) {
        String tier = request.string("service_tier");
        if (tier == null) {
            return null;
        }
        return switch (tier) {
            case "auto" -> "auto";
            case "standard_only" -> "default";
            default -> throw BadField.unknownValue("service_tier", tier, List.of("auto", "standard_only"));
        };
    }
}
