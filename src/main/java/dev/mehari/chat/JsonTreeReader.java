package dev.mehari.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.Serial;
import java.math.BigDecimal;

/**
 * Reads trees as Jackson's own reader does, but any number: theirs ends {@code 1e2147483648} with a
 * {@code NumberFormatException}, which no caller awaits from JSON that is well-formed. Stateless, thread-safe.
 *
 * <p>A number whose exponent is beyond {@value #MOST_EXPONENT} is none that anybody counts with. It stays in the tree
 * as its digits ({@link RawValue}, of type {@code POJO}), is written as it was read, and {@code isNumber()} is false.
 */
final class JsonTreeReader extends StdDeserializer<JsonNode> {
    static final int MOST_EXPONENT = 1000;

    @Serial
    private static final long serialVersionUID = 1;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    JsonTreeReader() {
        super(JsonNode.class);
    }

    @Override
    public JsonNode deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return value(parser);
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) {
        return NullNode.instance;
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_EMBEDDED_OBJECT -> NODES.pojoNode(parser.getEmbeddedObject());
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
                throw new IllegalStateException("no value begins with " + parser.currentToken());
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            object.set(name, value(parser));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private static JsonNode decimal(JsonParser parser) throws IOException {
        if (parser.isNaN()) {
            return NODES.numberNode(parser.getDoubleValue());
        }
        try {
            BigDecimal number = parser.getDecimalValue();
            if (Math.abs((long) number.scale()) <= MOST_EXPONENT) {
                return NODES.numberNode(number);
            }
        } catch (NumberFormatException beyondEvenThese) {
            // Its digits are kept, as those of any other number that is beyond counting.
        }
        return NODES.rawValueNode(new RawValue(parser.getText()));
    }
}
