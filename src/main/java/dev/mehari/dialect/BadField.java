package dev.mehari.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.util.List;

/** What is wrong with a field, in the words and codes of OpenAI's own answers. {@code path} becomes {@code param}. */
public final class BadField {
    private static final int LONGEST_QUOTE = 100;

    private BadField() {}

    public static InvalidRequest missing(String path) {
        return invalid(path, "Missing required parameter: '" + path + "'.", "missing_required_parameter");
    }

    public static InvalidRequest wrongType(String path, String expected, JsonNode got) {
        String where = path.isEmpty() ? "the request body" : "'" + path + "'";
        String message =
                "Invalid type for " + where + ": expected " + expected + ", but got " + kind(got) + " instead.";
        return invalid(path, message, "invalid_type");
    }

    public static InvalidRequest unknownValue(String path, String value, List<String> supported) {
        String quoted = value.length() > LONGEST_QUOTE ? value.substring(0, LONGEST_QUOTE) + "…" : value;
        String message = "Invalid value for '" + path + "': '" + quoted + "'. Supported values are: '"
                + String.join("', '", supported) + "'.";
        return invalid(path, message, "invalid_value");
    }

    public static InvalidRequest outOfRange(String path, String kind, String least, String most) {
        String message = "Invalid '" + path + "': " + kind + " out of range. Expected a value from " + least + " to "
                + most + ".";
        return invalid(path, message, "invalid_value");
    }

    public static InvalidRequest invalid(String path, String message, String code) {
        return new InvalidRequest(code, path.isEmpty() ? null : path, message);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING, BINARY -> "a string";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal";
            case POJO -> "a number beyond all limits";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "null";
        };
    }
}
