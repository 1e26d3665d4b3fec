package dev.mehari.dialect.chat;

import dev.mehari.chat.ResponseFormat;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code response_format}. */
final class FormatReader {
    private static final Set<String> SCHEMA_FIELDS = Set.of("name", "description", "schema", "strict");

    private FormatReader() {}

    static @Nullable ResponseFormat format(Fields request, Leftovers leftovers) {
        Fields format = request.object("response_format");
        if (format == null) {
            return null;
        }
        leftovers.note(format, "response_format.", Set.of("type", "json_schema"));
        String type = format.needString("type");
        return switch (type) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                Fields schema = format.needObject("json_schema");
                leftovers.note(schema, "response_format.json_schema.", SCHEMA_FIELDS);
                yield new ResponseFormat.JsonSchema(
                        schema.needName("name"),
                        schema.string("description"),
                        schema.needObject("schema").raw(),
                        schema.bool("strict"));
            }
            default ->
                throw BadField.unknownValue(format.path("type"), type, List.of("text", "json_object", "json_schema"));
        };
    }
}
