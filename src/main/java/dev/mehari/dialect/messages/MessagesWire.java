package dev.mehari.dialect.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.dialect.ProviderBlock;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pieces that the stream and the whole answer write alike. */
final class MessagesWire {
    /** Stands where a provider has signed nothing: clients expect a signature on every thinking block. */
    static final String UNSIGNED = "mehari:unsigned";

    private static final String CHAT_ID = "chatcmpl-";

    private MessagesWire() {}

    /** An answer's id as Anthropic's look. */
    static String id(String id) {
        String bare = id.startsWith(CHAT_ID) ? id.substring(CHAT_ID.length()) : id;
        return bare.startsWith("msg_") ? bare : "msg_" + bare;
    }

    /**
     * The reason in Anthropic's words.
     *
     * @param called whether the answer holds tool calls
     * @param refused whether it holds a refusal
     */
    static String stopReason(FinishReason reason, @Nullable String stopSequence, boolean called, boolean refused) {
        return switch (reason.withToolCalls(called)) {
            case STOP -> refused ? "refusal" : stopSequence == null ? "end_turn" : "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS, FUNCTION_CALL -> "tool_use";
            case CONTENT_FILTER -> "refusal";
        };
    }

    /** {@code stop_reason}, {@code stop_sequence} and {@code stop_details}. */
    static void stop(String reason, @Nullable String stopSequence, @Nullable String refusal, JsonWriter json) {
        json.field("stop_reason", reason).name("stop_sequence");
        quoteOrNull(stopSequence, json).name("stop_details");
        if (reason.equals("refusal")) {
            json.object().field("type", "refusal").name("category").raw("null").name("explanation");
            quoteOrNull(refusal, json).endObject();
        } else {
            json.raw("null");
        }
    }

    /**
     * A usage object. Anthropic's input tokens leave out what the cache read and wrote, and its four counts must be
     * there: one that nobody reported is 0, a cache nobody spoke of is null.
     */
    static void usage(@Nullable Usage usage, @Nullable String serviceTier, JsonWriter json) {
        Usage known = usage == null ? Usage.of(null, null) : usage;
        long read = orZero(known.count(UsageDetail.CACHED));
        long written = orZero(known.count(UsageDetail.CACHE_WRITE));
        json.object()
                .field("input_tokens", Math.max(0, orZero(known.promptTokens()) - read - written))
                .name("cache_creation_input_tokens")
                .raw(known.promptTokens() == null ? "null" : Long.toString(written))
                .name("cache_read_input_tokens")
                .raw(known.promptTokens() == null ? "null" : Long.toString(read))
                .field("output_tokens", orZero(known.completionTokens()));
        Long hour = known.count(UsageDetail.LONG_CACHE_WRITE);
        if (hour != null) {
            json.name("cache_creation")
                    .object()
                    .field("ephemeral_5m_input_tokens", Math.max(0, written - hour))
                    .field("ephemeral_1h_input_tokens", hour)
                    .endObject();
        }
        inputDetails(known, json);
        outputDetails(known, json);
        serverTools(known, json);
        json.fieldIfAny("service_tier", tier(serviceTier)).endObject();
    }

    /** Anthropic has no place for these: it bills every kind of input alike. OpenAI's names. */
    private static void inputDetails(Usage usage, JsonWriter json) {
        Map<String, Long> told = new LinkedHashMap<>();
        UsageDetail.of(UsageDetail.Part.PROMPT).forEach(detail -> put(told, detail.wire(), usage.count(detail)));
        object("input_tokens_details", told, json);
    }

    private static void outputDetails(Usage usage, JsonWriter json) {
        Map<String, Long> told = new LinkedHashMap<>();
        for (UsageDetail detail : UsageDetail.of(UsageDetail.Part.COMPLETION)) {
            // Anthropic's name for reasoning.
            put(told, detail == UsageDetail.REASONING ? "thinking_tokens" : detail.wire(), usage.count(detail));
        }
        object("output_tokens_details", told, json);
    }

    /** Typed clients insist on both counts. */
    private static void serverTools(Usage usage, JsonWriter json) {
        Long searches = usage.count(UsageDetail.WEB_SEARCHES);
        Long fetches = usage.count(UsageDetail.WEB_FETCHES);
        if (searches != null || fetches != null) {
            json.name("server_tool_use")
                    .object()
                    .field("web_search_requests", orZero(searches))
                    .field("web_fetch_requests", orZero(fetches))
                    .endObject();
        }
    }

    private static void put(Map<String, Long> told, String name, @Nullable Long count) {
        if (count != null) {
            told.put(name, count);
        }
    }

    private static void object(String name, Map<String, Long> counts, JsonWriter json) {
        if (!counts.isEmpty()) {
            json.name(name).object();
            counts.forEach(json::field);
            json.endObject();
        }
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    /** Null for tiers that Anthropic's clients do not know. */
    private static @Nullable String tier(@Nullable String tier) {
        return switch (tier) {
            case "default", "standard" -> "standard";
            case "priority", "batch" -> tier;
            case null, default -> null;
        };
    }

    /** A block that comes in one piece; nothing for what this API has no words for. */
    static boolean hasBlock(ContentPart part) {
        return switch (part) {
            case ContentPart.Text text -> !text.text().isEmpty();
            case ContentPart.Image image -> true;
            case ContentPart.Document document -> true;
            case ContentPart.Opaque block -> block.protocol().equals("anthropic");
            case ContentPart.Audio audio -> false;
        };
    }

    /** What Anthropic has no fields for, by the names it has in chats: parts without a block, and the provider's own words. */
    static void beyond(List<ProviderBlock> others, @Nullable JsonNode providerFields, JsonWriter json) {
        if (!others.isEmpty()) {
            json.name("provider_blocks").list();
            others.forEach(other -> json.object()
                    .field("provider", other.provider())
                    .field("block", other.block())
                    .endObject());
            json.endList();
        }
        if (providerFields != null) {
            json.field("provider_fields", providerFields);
        }
    }

    /** Whether a part of an answer needs a place beside the blocks. */
    static boolean isOther(ContentPart part) {
        return !hasBlock(part) && !(part instanceof ContentPart.Text);
    }

    /** Such a block. */
    static void block(ContentPart part, JsonWriter json) {
        switch (part) {
            case ContentPart.Text text -> text(text, json);
            case ContentPart.Image image -> {
                json.object().field("type", "image");
                source(image.source(), json);
                json.endObject();
            }
            case ContentPart.Document document -> {
                json.object().field("type", "document");
                source(document.source(), json);
                json.fieldIfAny("title", document.name()).endObject();
            }
            case ContentPart.Opaque block -> json.raw(Json.bytes(block.block()));
            case ContentPart.Audio audio -> throw new IllegalStateException("there is no block for sound");
        }
    }

    private static void text(ContentPart.Text text, JsonWriter json) {
        json.object().field("type", "text").field("text", text.text()).name("citations");
        if (text.annotations().isEmpty()) {
            json.raw("null");
        } else {
            json.list();
            text.annotations().forEach(note -> json.raw(Json.bytes(citation(note))));
            json.endList();
        }
        json.endObject();
    }

    private static void source(MediaSource source, JsonWriter json) {
        json.name("source").object();
        switch (source) {
            case MediaSource.Inline inline ->
                json.field("type", "base64")
                        .field("media_type", inline.mediaType())
                        .field("data", inline.base64());
            case MediaSource.Url address -> json.field("type", "url").field("url", address.url());
            case MediaSource.FileId file -> json.field("type", "file").field("file_id", file.id());
        }
        json.endObject();
    }

    /** OpenAI's citation of a page as Anthropic's of a search result; Anthropic's own as it is. */
    static JsonNode citation(JsonNode note) {
        if (!note.path("type").asText().equals("url_citation")) {
            return note;
        }
        JsonNode page = note.path("url_citation");
        ObjectNode citation = Json.MAPPER.createObjectNode();
        citation.put("type", "web_search_result_location")
                .put("url", page.path("url").asText())
                .put("title", page.path("title").asText())
                .put(
                        "cited_text",
                        page.path("content").asText(page.path("cited_text").asText()))
                .put("encrypted_index", page.path("encrypted_index").asText());
        // What else is told keeps its name; places are of the whole answer's text, as OpenAI counts them.
        page.properties().forEach(field -> {
            if (!citation.has(field.getKey()) && !field.getKey().equals("content")) {
                citation.set(field.getKey(), field.getValue());
            }
        });
        return citation;
    }

    /** A call's arguments as the object that {@code input} must be; what is no object is kept under {@code _raw}. */
    static void input(String arguments, JsonWriter json) {
        if (isObject(arguments)) {
            json.raw(arguments.strip());
        } else {
            json.object().field("_raw", arguments).endObject();
        }
    }

    private static boolean isObject(String text) {
        try (JsonParser parser = Json.FACTORY.createParser(text)) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            parser.skipChildren();
            return object && parser.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }

    static JsonWriter quoteOrNull(@Nullable String text, JsonWriter json) {
        return text == null ? json.raw("null") : json.text(text);
    }
}
