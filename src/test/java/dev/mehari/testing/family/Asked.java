package dev.mehari.testing.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a provider understands of a request, whatever its words.
 *
 * @param stream whether events are wanted
 * @param order the user's first text: what the fake shall do ({@link Model})
 * @param tools the names of what may be called
 * @param results the texts of all results of calls, in order
 * @param images each picture's type and size, such as {@code image/png 70}
 * @param signatures of the thoughts that came back
 * @param marked how often a prefix was marked for the provider's cache
 * @param schema whether the answer was asked for by a schema that names {@code age}
 */
public record Asked(
        boolean stream,
        String order,
        List<String> tools,
        List<String> results,
        List<String> images,
        List<String> signatures,
        int marked,
        boolean schema) {

    /** What a later request adds to this one. */
    Asked then(Asked later) {
        return new Asked(
                later.stream,
                order,
                later.tools,
                both(results, later.results),
                both(images, later.images),
                both(signatures, later.signatures),
                marked + later.marked,
                later.schema);
    }

    /** With a thought of the provider's own. */
    Asked thinking(String signature) {
        return new Asked(stream, order, tools, results, images, both(signatures, List.of(signature)), marked, schema);
    }

    private static List<String> both(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /** What stands under that name anywhere, as text. */
    static List<String> texts(Iterable<JsonNode> list, String pointer) {
        List<String> found = new ArrayList<>();
        for (JsonNode each : list) {
            JsonNode node = each.at(pointer);
            if (!node.isMissingNode()) {
                found.add(node.asText());
            }
        }
        return found;
    }
}
