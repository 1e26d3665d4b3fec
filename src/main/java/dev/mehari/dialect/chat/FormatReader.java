package dev.mehari.dialect.chat;

import dev.mehari.chat.ResponseFormat;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code response_format}. */
final class FormatReader {
    private FormatReader() {}

    static @Nullable ResponseFormat format(Fields request) {
        Fields format = request.object("response_format");
        if (format == null) {
            return null;
        }
        String type = format.needString("type");
        return switch (type) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                Fields schema = format.needObject("json_schema");
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
