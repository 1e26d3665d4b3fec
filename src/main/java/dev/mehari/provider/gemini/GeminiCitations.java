package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * From {@code groundingMetadata} and {@code citationMetadata} to annotations: {@code url_citation} for what has an
 * address, Google's own words for what has none, and what it searched for.
 *
 * <p>Source: Gemini API reference, GroundingMetadata, GroundingSupport and CitationMetadata, read 2026-11-21.
 */
final class GeminiCitations {
    private static final List<String> SEARCHED = List.of("webSearchQueries", "searchEntryPoint");

    private final String text;
    private final List<JsonNode> annotations = new ArrayList<>();

    /** @param text all that the candidate has said */
    private GeminiCitations(String text) {
        this.text = text;
    }

    static List<JsonNode> ofGrounding(JsonNode grounding, String text) {
        GeminiCitations citations = new GeminiCitations(text);
        JsonNode chunks = grounding.path("groundingChunks");
        boolean[] supports = new boolean[chunks.size()];
        for (JsonNode support : grounding.path("groundingSupports")) {
            for (JsonNode index : support.path("groundingChunkIndices")) {
                int chunk = index.asInt(-1);
                if (chunk >= 0 && chunk < supports.length) {
                    supports[chunk] = true;
                    citations.cite(chunks.path(chunk), support.path("segment"));
                }
            }
        }
        for (int i = 0; i < supports.length; i++) {
            if (!supports[i]) {
                citations.cite(chunks.path(i), Json.MAPPER.missingNode());
            }
        }
        citations.searched(grounding);
        return citations.annotations;
    }

    /** The grounding without what annotations have told word for word. */
    static JsonNode beyond(JsonNode grounding) {
        return grounding instanceof ObjectNode told ? told.deepCopy().remove(SEARCHED) : grounding;
    }

    /** What was quoted at length. Vertex AI calls the list {@code citations}. */
    static List<JsonNode> ofQuotes(JsonNode metadata, String text) {
        GeminiCitations citations = new GeminiCitations(text);
        for (String list : List.of("citationSources", "citations")) {
            for (JsonNode source : metadata.path(list)) {
                citations.cite(Json.MAPPER.createObjectNode().set("quoted", source), source);
            }
        }
        return citations.annotations;
    }

    /** @param chunk one field: {@code web}, {@code retrievedContext}, {@code maps} … */
    private void cite(JsonNode chunk, JsonNode segment) {
        JsonNode source = chunk.isEmpty() ? chunk : chunk.elements().next();
        String address = source.path("uri").asText();
        ObjectNode note = Json.MAPPER.createObjectNode();
        if (!address.startsWith("http://") && !address.startsWith("https://")) {
            annotations.add(note.put("type", "gemini_citation").set("gemini_citation", chunk));
            return;
        }
        int start = start(segment);
        annotations.add(note.put("type", "url_citation")
                .set(
                        "url_citation",
                        Json.MAPPER
                                .createObjectNode()
                                .put("start_index", start)
                                .put("end_index", end(segment, start))
                                .put("url", address)
                                .put("title", source.path("title").asText())));
    }

    /** Google's terms ask for its search suggestions to be shown beside the answer. */
    private void searched(JsonNode grounding) {
        ObjectNode search = Json.MAPPER.createObjectNode();
        for (String field : SEARCHED) {
            if (!grounding.path(field).isEmpty()) {
                search.set(field, grounding.path(field));
            }
        }
        if (!search.isEmpty()) {
            annotations.add(
                    Json.MAPPER.createObjectNode().put("type", "gemini_search").set("gemini_search", search));
        }
    }

    /** Google counts bytes of UTF-8, and from the part's beginning, which a stream does not tell: its own words decide. */
    private int start(JsonNode segment) {
        int told = characters(segment.path("startIndex").asInt());
        String words = segment.path("text").asText();
        int found = words.isEmpty() || text.startsWith(words, told) ? told : text.indexOf(words);
        return found < 0 ? told : found;
    }

    private int end(JsonNode segment, int start) {
        String words = segment.path("text").asText();
        if (!words.isEmpty() && text.startsWith(words, start)) {
            return start + words.length();
        }
        return segment.has("endIndex") ? characters(segment.path("endIndex").asInt()) : text.length();
    }

    private int characters(int bytes) {
        int at = 0;
        for (int left = bytes; left > 0 && at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int point = text.codePointAt(at);
            left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        }
        return at;
    }
}
