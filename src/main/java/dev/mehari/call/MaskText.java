package dev.mehari.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code maskText}: in all that the client says — messages, instructions, results of tools — it replaces what matches
 * the regular expression in the property {@code mask} by the property {@code maskWith}. Names, roles and addresses stay.
 */
@Component
final class MaskText implements Processor {
    /** The fields that hold what is said, in all of the clients' APIs. */
    private static final Set<String> SPOKEN =
            Set.of("content", "text", "input", "instructions", "system", "prompt", "arguments", "output", "messages");

    /** Routes name few of them; a call compiles none. */
    private final LoadingCache<String, Pattern> patterns =
            Caffeine.newBuilder().maximumSize(100).build(Pattern::compile);

    private final RequestEdit edit;

    MaskText(RequestEdit edit) {
        this.edit = edit;
    }

    @Override
    public void process(Exchange exchange) {
        Pattern mask = patterns.get(RequestEdit.property(exchange, "mask", "maskText"));
        String with = Matcher.quoteReplacement(RequestEdit.property(exchange, "maskWith", "maskText"));
        edit.apply(exchange, request -> inObject(request, mask, with));
    }

    private static void inObject(ObjectNode object, Pattern mask, String with) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            if (value.isTextual() && SPOKEN.contains(field.getKey())) {
                field.setValue(masked(value, mask, with));
            } else {
                below(value, SPOKEN.contains(field.getKey()), mask, with);
            }
        }
    }

    private static void below(JsonNode value, boolean spoken, Pattern mask, String with) {
        if (value instanceof ObjectNode object) {
            inObject(object, mask, with);
        } else if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode element = list.get(i);
                if (spoken && element.isTextual()) {
                    list.set(i, masked(element, mask, with));
                } else {
                    below(element, spoken, mask, with);
                }
            }
        }
    }

    private static TextNode masked(JsonNode text, Pattern mask, String with) {
        return TextNode.valueOf(mask.matcher(text.asText()).replaceAll(with));
    }
}
