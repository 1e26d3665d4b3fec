package dev.mehari.provider.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Numbers and strings that fit a JSON Schema: 1 and "demo", unless it draws other bounds. */
final class SampleScalars {
    private static final String WORD = "demo";
    private static final int LONGEST_TEXT = 1000;

    private SampleScalars() {}

    static JsonNode number(JsonNode schema, boolean integer) {
        // As doubles: the bounds are the client's, and 1e999999999 is a bound one can write but not count to.
        double step = Math.max(schema.path("multipleOf").asDouble(0), integer ? 1 : 0);
        double beyond = integer ? 1 : Math.min(0.5, width(schema) / 4);
        double lower = bound(schema, "minimum", "exclusiveMinimum", Double.NEGATIVE_INFINITY, beyond);
        double upper = bound(schema, "maximum", "exclusiveMaximum", Double.POSITIVE_INFINITY, -beyond);
        double number = Math.min(Math.max(1, lower), upper);
        if (step > 0) {
            double up = Math.ceil(number / step) * step;
            number = up <= upper ? up : Math.floor(upper / step) * step;
        }
        if (!Double.isFinite(number)) {
            return LongNode.valueOf(1);
        }
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
        return whole ? LongNode.valueOf((long) number) : DoubleNode.valueOf(number);
    }

    /** From the lowest to the highest bound; infinite when one is open. */
    private static double width(JsonNode schema) {
        return bound(schema, "maximum", "exclusiveMaximum", Double.POSITIVE_INFINITY, 0)
                - bound(schema, "minimum", "exclusiveMinimum", Double.NEGATIVE_INFINITY, 0);
    }

    private static double bound(JsonNode schema, String name, String exclusive, double none, double beyond) {
        JsonNode plain = schema.path(name);
        JsonNode open = schema.path(exclusive);
        double inclusive = plain.isNumber() ? plain.doubleValue() : none;
        // A number since draft 6; before that a flag beside the plain bound.
        if (open.isBoolean()) {
            return open.booleanValue() ? inclusive + beyond : inclusive;
        }
        if (!open.isNumber()) {
            return inclusive;
        }
        double moved = open.doubleValue() + beyond;
        return none < 0 ? Math.max(inclusive, moved) : Math.min(inclusive, moved);
    }

    static JsonNode string(JsonNode schema) {
        String word =
                switch (schema.path("format").asText("")) {
                    case "date-time" -> "2026-01-01T00:00:00Z";
                    case "date" -> "2026-01-01";
                    case "time" -> "00:00:00Z";
                    case "duration" -> "PT1S";
                    case "email" -> "demo@example.com";
                    case "hostname" -> "example.com";
                    case "uri", "url" -> "https://example.com/";
                    case "uuid" -> "00000000-0000-4000-8000-000000000000";
                    case "ipv4" -> "192.0.2.1";
                    case "ipv6" -> "2001:db8::1";
                    default -> ofLength(schema);
                };
        return TextNode.valueOf(word);
    }

    private static String ofLength(JsonNode schema) {
        int least = Math.min(LONGEST_TEXT, schema.path("minLength").asInt(0));
        int most = Math.max(0, schema.path("maxLength").asInt(LONGEST_TEXT));
        String word = least <= WORD.length()
                ? WORD
                : WORD.repeat(least / WORD.length() + 1).substring(0, least);
        return word.substring(0, Math.min(word.length(), most));
    }
}
