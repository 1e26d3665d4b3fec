package dev.mehari.dialect.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code output_config.format}, or {@code output_format}, its name while it was in beta. */
final class FormatReader {
    private FormatReader() {}

    static @Nullable ResponseFormat format(Fields request, Leftovers leftovers) {
        Fields config = request.object("output_config");
        if (config != null) {
            leftovers.note(config, "output_config.", Set.of("effort", "format"));
        }
        Fields format = config == null ? null : config.object("format");
        format = format == null ? request.object("output_format") : format;
        if (format == null) {
            return null;
        }
        String type = format.needString("type");
        if (!type.equals("json_schema")) {
            throw BadField.unknownValue(format.path("type"), type, List.of("json_schema"));
        }
        JsonNode schema = format.needObject("schema").raw();
        return new ResponseFormat.JsonSchema("output", null, schema, isStrict(schema) ? Boolean.TRUE : null);
    }

    /**
     * Whether OpenAI takes the schema as a strict one: every object closed and every property required (Structured
     * Outputs guide, read 2026-11-21). Anthropic also takes optional ones, so such a schema is asked for without
     * {@code strict} rather than refused.
     */
    private static boolean isStrict(JsonNode schema) {
        if (schema.path("properties").isObject() || schema.path("type").asText().equals("object")) {
            Set<String> required = new HashSet<>();
            schema.path("required").forEach(name -> required.add(name.asText()));
            boolean closed = schema.path("additionalProperties").isBoolean()
                    && !schema.path("additionalProperties").booleanValue();
            Set<String> properties = new HashSet<>();
            schema.path("properties").fieldNames().forEachRemaining(properties::add);
            if (!closed || !required.containsAll(properties)) {
                return false;
            }
        }
        for (JsonNode child : schema) {
            if (child.isContainerNode() && !isStrict(child)) {
                return false;
            }
        }
        return true;
    }
}
