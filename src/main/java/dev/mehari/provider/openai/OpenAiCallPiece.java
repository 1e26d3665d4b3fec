package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Some of a tool call, as a chunk has it, or all of it, as an answer has it.
 *
 * @param id in the first piece only, as is {@code name}
 * @param arguments possibly empty
 * @param custom whether they are free text
 * @param signature Google's, which goes along with the call
 */
record OpenAiCallPiece(
        int index,
        @Nullable String id,
        @Nullable String name,
        String arguments,
        boolean custom,
        @Nullable String signature) {

    /**
     * @param parser on the object's first token; read to its last
     * @param position stands for the index where there is none
     */
    static OpenAiCallPiece read(JsonParser parser, int position) throws IOException {
        int index = position;
        String id = null;
        Said said = new Said(null, "");
        boolean custom = false;
        String signature = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            if (field.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (field.equals("id") && token == JsonToken.VALUE_STRING) {
                id = parser.getText();
            } else if ((field.equals("function") || field.equals("custom")) && token == JsonToken.START_OBJECT) {
                custom = field.equals("custom");
                said = Said.read(parser);
            } else if (field.equals("extra_content") && token == JsonToken.START_OBJECT) {
                signature = signature(parser);
            } else {
                parser.skipChildren();
            }
        }
        return new OpenAiCallPiece(index, id, said.name, said.arguments, custom, signature);
    }

    /** What is called and with what. */
    private record Said(@Nullable String name, String arguments) {
        static Said read(JsonParser parser) throws IOException {
            String name = null;
            String arguments = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken token = parser.nextToken();
                if (field.equals("name") && token == JsonToken.VALUE_STRING) {
                    name = parser.getText();
                } else if ((field.equals("arguments") || field.equals("input")) && token == JsonToken.VALUE_STRING) {
                    arguments = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            return new Said(name, arguments);
        }
    }

    /** {@code extra_content.google.thought_signature}, wherever it stands in there. */
    private static @Nullable String signature(JsonParser parser) throws IOException {
        String signature = null;
        int depth = parser.getParsingContext().getNestingDepth();
        while (parser.getParsingContext().getNestingDepth() >= depth) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING && "thought_signature".equals(parser.currentName())) {
                signature = parser.getText();
            }
        }
        return signature;
    }
}
