package dev.mehari.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.secrets.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of an upstream's error, out of whichever of the many shapes it chose: OpenAI's object, a bare string, a
 * flat object, AWS's {@code Message} and {@code __type}, FastAPI's {@code detail}, Google's array, HTML from a proxy. Immutable.
 *
 * @param message fit for the client: control characters and anything that looks like a key are masked
 */
public record ErrorBody(
        String message,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param) {
    private static final int MAX_MESSAGE = 2000;
    private static final int MAX_RAW = 200;

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

    /** A known prefix and sixteen characters with a digit or a star among them: names of fields have none. */
    private static final Pattern KEY =
            Pattern.compile("(?i)\\b(?:(?:sk|gsk|xai|key|mh|pk|rk)[-_]|AIza)(?=[A-Za-z_-]*[0-9*])[A-Za-z0-9_*-]{16,}");

    private static final Pattern KEY_PARAMETER = Pattern.compile("(?i)([?&](?:api[-_]?)?key=)[^&\\s\"']+");

    /** Reads any body, also an empty one. */
    public static ErrorBody read(int status, byte[] body) {
        String fallback = "HTTP status " + status;
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(body);
        } catch (IOException notJson) {
            String raw = new String(body, StandardCharsets.UTF_8).strip();
            // A proxy's HTML page says nothing a client could use.
            return new ErrorBody(
                    raw.isEmpty() || raw.startsWith("<") ? fallback : raw(fallback, raw), null, null, null);
        }
        return read(root, fallback);
    }

    /** Reads a body that is JSON. */
    public static ErrorBody read(JsonNode body, String fallback) {
        JsonNode root = body.isArray() && !body.isEmpty() ? body.path(0) : body;
        JsonNode error = root.path("error");
        JsonNode object = error.isObject() ? error : root;
        String message = firstText(
                object.path("message"), object.path("Message"), error, object.path("detail"), object.path("status"));
        return new ErrorBody(
                masked(ErrorReasons.added(message == null ? asItStands(body, fallback) : message, object)),
                text(object.has("type") ? object.path("type") : object.path("__type")),
                text(object.path("code")),
                text(object.path("param")));
    }

    /** A shape that nobody knows is better than a number alone. */
    private static String asItStands(JsonNode body, String fallback) {
        String words = body.isTextual() ? body.asText() : Json.text(body);
        return saysAnything(body) ? raw(fallback, words) : fallback;
    }

    private static String raw(String fallback, String words) {
        return fallback + ": " + cut(masked(words), MAX_RAW);
    }

    private static boolean saysAnything(JsonNode node) {
        return node.isContainerNode()
                ? node.valueStream().anyMatch(ErrorBody::saysAnything)
                : !node.isNull() && !node.asText().isBlank();
    }

    private static @Nullable String firstText(JsonNode... candidates) {
        for (JsonNode candidate : candidates) {
            if (candidate.isTextual() && !candidate.asText().isBlank()) {
                return candidate.asText();
            }
            if (candidate.isArray() && !candidate.isEmpty()) {
                return details(candidate);
            }
            if (candidate.isObject() && !candidate.isEmpty()) {
                return candidate.path("detail").isArray() ? details(candidate.path("detail")) : Json.text(candidate);
            }
        }
        return null;
    }

    /** FastAPI's list of faults: where each is, and what. */
    private static String details(JsonNode list) {
        List<String> faults = new ArrayList<>();
        for (JsonNode fault : list) {
            List<String> path = new ArrayList<>();
            fault.path("loc").forEach(step -> path.add(step.asText()));
            faults.add(
                    fault.path("msg").isTextual()
                            ? String.join(".", path) + ": " + fault.path("msg").asText()
                            : Json.text(fault));
        }
        return String.join("; ", faults);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() || node.isNumber() ? node.asText() : null;
    }

    /** Whether the type or the code is that word. */
    public boolean says(String word) {
        return word.equals(code) || word.equals(type);
    }

    static String masked(String message) {
        // A provider may repeat what it was sent, headers of the settings and a signature's key among it.
        String clean = Secrets.OF_PROCESS.withoutKnown(CONTROLS.matcher(message).replaceAll(""), "[key]");
        String masked = KEY.matcher(clean).replaceAll("[key]");
        // Cut last, or half a key at the cut would pass for a word.
        return cut(KEY_PARAMETER.matcher(masked).replaceAll("$1[key]"), MAX_MESSAGE);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }
}
