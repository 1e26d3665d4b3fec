package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.Set;

/** Citations as OpenAI's clients know them. */
final class AnthropicCitations {
    /** Told in OpenAI's words; what else there is (the cited text, an index for the way back) keeps Anthropic's. */
    private static final Set<String> TOLD = Set.of("type", "url", "source", "title");

    private AnthropicCitations() {}

    /**
     * {@code url_citation} for what was found on the web; a place in one of the client's documents, for which OpenAI has
     * no word, as Anthropic tells it.
     *
     * @param start of the cited text within all of the answer's, in characters
     * @param end after it
     */
    static JsonNode annotation(JsonNode citation, int start, int end) {
        String url = citation.path("url").asText(citation.path("source").asText());
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            return citation;
        }
        ObjectNode annotation = Json.MAPPER.createObjectNode().put("type", "url_citation");
        ObjectNode place = annotation.putObject("url_citation");
        place.put("start_index", start).put("end_index", end).put("url", url);
        place.put("title", citation.path("title").asText());
        citation.properties().forEach(field -> {
            if (!TOLD.contains(field.getKey()) && !field.getValue().isNull()) {
                place.set(field.getKey(), field.getValue());
            }
        });
        return annotation;
    }
}
