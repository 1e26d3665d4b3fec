package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
    @Test
    void itMindsTheCommas() {
        ByteSink out = new ByteSink(16);
        JsonWriter json = new JsonWriter(out).object().name("a").list();
        json.object()
                .endObject()
                .list()
                .endList()
                .number(1)
                .number(0.5)
                .bool(true)
                .text("x\"");
        json.endList().field("b", "é").name("c").raw("null").name("d").tree(Json.tree("[1.50]".getBytes()));
        json.endObject();
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":[{},[],1,0.5,true,\"x\\\"\"],\"b\":\"é\",\"c\":null,\"d\":[1.50]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " { \"a\" : [1, {}] } ", "{\"a\":1e400}"})
    void anObjectIsOne(String json) {
        assertThat(Json.isObject(json)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "[]", "1", "\"{}\"", "{", "{}}", "{} {}", "{\"a\":}", "{a:1}", "null", "{\"a\":[}"})
    void whatIsNoObjectIsNone(String text) {
        assertThat(Json.isObject(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"a b\" : [ 1.50 ,\t\"c \\\" d\" ] }|{\"a b\":[1.50,\"c \\\" d\"]}",
                "\"\\\\\" |\"\\\\\"",
                "{\"é \":\"駱 駝\"}|{\"é \":\"駱 駝\"}",
            })
    void compactTakesOutTheBlanksBetweenTokensOnly(String json, String expected) {
        byte[] bytes = json.replace("\\t", "\t").getBytes(StandardCharsets.UTF_8);
        assertThat(Json.compact(bytes, 0, bytes.length)).isEqualTo(expected);
    }
}
