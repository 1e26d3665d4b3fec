package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.JsonObject.FieldReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    private static final FieldReader LEAVE = (name, value) -> {};
    private static final FieldReader READ_ALL = (name, value) -> value.skipChildren();
    private static final FieldReader READ_ONE = (name, value) -> value.nextToken();

    private static JsonObject read(String json, FieldReader reader) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = Json.FACTORY.createParser(bytes)) {
            return JsonObject.read(bytes, parser, reader);
        }
    }

    private static String copy(JsonObject object) {
        ByteSink out = new ByteSink(16);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        object.fields().forEach(field -> copy.keep(object, field));
        copy.end();
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String value(JsonObject object, Field field) {
        return new String(object.bytes(), field.valueStart(), field.end() - field.valueStart(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " \n\t{ } \r\n",
                "{\"a\":1}",
                "{\"a\":-1.50e+10}",
                "{ \"a\" : 1 , \"b\" : 2.0 \n}",
                "{\"a\":\"x\\\"y\\\\\"}",
                "{\"a\\u0062\\n\\\"\":[1,{\"c\":[]}],\"é🐪\":\"日本\"}",
                "{\"\":null,\"t\":true,\"f\":false}",
                "\n\n{\"o\":{\"o\":{\"o\":{}}},\"a\":[[],[[1]]]}",
            })
    void allFieldsCopiedAreTheSameObject(String json) throws IOException {
        for (FieldReader reader : List.of(LEAVE, READ_ALL)) {
            assertThat(Json.MAPPER.readTree(copy(read(json, reader)))).isEqualTo(Json.MAPPER.readTree(json));
        }
    }

    @Test
    void aValueIsItsBytesAndNoMore() throws IOException {
        JsonObject object = read("{ \"a\" : [1, 2 ] , \"b\": 10 ,\"c\":\"x\" , \"d\" : 7}", LEAVE);
        assertThat(object.fields().stream().map(field -> value(object, field)))
                .containsExactly("[1, 2 ]", "10", "\"x\"", "7");
    }

    @Test
    void aReaderMayStopAnywhereInsideAValue() throws IOException {
        JsonObject object = read("{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":[[1,2],3],\"c\":{}}", READ_ONE);
        assertThat(object.fields().stream().map(field -> value(object, field)))
                .containsExactly("{\"x\":[1,{\"y\":2}]}", "[[1,2],3]", "{}");
    }

    @Test
    void aFieldThatComesTwiceCountsOnceWithItsLastValue() throws IOException {
        JsonObject object = read("{\"a\":1,\"b\":2,\"\\u0061\":3}", LEAVE);
        assertThat(object.fields()).extracting(Field::name).containsExactly("a", "b");
        assertThat(value(object, object.fields().getFirst())).isEqualTo("3");
    }

    @Test
    void nullIsAbsent() throws IOException {
        JsonObject object = read("{\"a\":null,\"b\":false}", LEAVE);
        assertThat(object.has("a")).isFalse();
        assertThat(object.has("b")).isTrue();
        assertThat(object.fields().getFirst().kind()).isEqualTo(JsonToken.VALUE_NULL);
    }

    @Test
    void fieldsCanBeRenamedAndReplaced() throws IOException {
        JsonObject object = read("{\"old\": 1.50 ,\"x\":2}", LEAVE);
        ByteSink out = new ByteSink(16);
        new JsonObject.Copy(out)
                .put("first", Json.quote("é\n"))
                .rename(object, object.fields().getFirst(), "new")
                .end();
        assertThat(out.toByteArray()).asString(StandardCharsets.UTF_8).isEqualTo("{\"first\":\"é\\n\",\"new\":1.50}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "null", "", "{} {}", "{}[", "{\"a\":1} 2"})
    void anythingElseIsNotAnObject(String json) {
        assertThatThrownBy(() -> read(json, LEAVE)).isInstanceOf(JsonObject.NotAnObject.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":tru",
                "{\"a\":1,}",
                "{\"a\":\"x",
                "{a:1}",
                "{\"a\":01}",
                "{}}",
                "{}x"
            })
    void brokenJsonIsRefused(String json) {
        assertThatThrownBy(() -> read(json, LEAVE)).isInstanceOf(JacksonException.class);
    }

    @Test
    void randomObjectsComeThroughWhole() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            String json = object(random, 0);
            JsonNode tree = Json.MAPPER.readTree(json);
            for (FieldReader reader : List.of(LEAVE, READ_ALL)) {
                assertThat(Json.MAPPER.readTree(copy(read(json, reader))))
                        .as(json)
                        .isEqualTo(tree);
            }
        }
    }

    private static String object(Random random, int depth) {
        StringBuilder json = new StringBuilder(space(random)).append('{');
        int fields = random.nextInt(5);
        for (int i = 0; i < fields; i++) {
            json.append(i == 0 ? "" : ",")
                    .append(space(random))
                    .append(string(random))
                    .append(space(random));
            json.append(':').append(space(random)).append(value(random, depth)).append(space(random));
        }
        return json.append(fields == 0 ? space(random) : "")
                .append('}')
                .append(space(random))
                .toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 7)) {
            case 0 -> string(random);
            case 1 -> Long.toString(random.nextLong());
            case 2 ->
                List.of("-0", "0.10", "1e5", "12345678901234567890123", "-1.5E-3")
                        .get(random.nextInt(5));
            case 3 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 4 -> "[" + value(random, depth + 1) + space(random) + "," + value(random, depth + 1) + "]";
            case 5 -> "[" + space(random) + "]";
            default -> object(random, depth + 1);
        };
    }

    private static String string(Random random) {
        List<String> pieces =
                List.of("a", "key", "é", "🐪", "\\\"", "\\\\", "\\u0041", "\\n", "{", "}", ":", ",", " ", "日");
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.append('"').toString();
    }

    private static String space(Random random) {
        return List.of("", "", " ", "\n", "\t\r\n  ").get(random.nextInt(5));
    }
}
