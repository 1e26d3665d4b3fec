package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String[] TEXTS = {
        "", "plain", "\"quoted\" \\ back", "line\nreturn\rtab\tbell\u0007nul\u0000", "日本 é \u2028", "🐪 camel", "\u007f"
    };

    @Test
    void quotedTextReadsBackAsItWas() throws Exception {
        for (String text : TEXTS) {
            assertThat(Json.MAPPER.readTree(Json.quoted(text)).textValue()).isEqualTo(text);
            assertThat(Json.MAPPER.readTree(Json.quote(text)).textValue()).isEqualTo(text);
        }
    }

    @Test
    void theThreeWaysToQuoteAgree() {
        for (String text : TEXTS) {
            byte[] sunk = Json.quote(text, new ByteSink(1)).toByteArray();
            assertThat(sunk).isEqualTo(Json.quote(text));
            assertThat(new String(sunk, StandardCharsets.UTF_8)).isEqualTo(Json.quoted(text));
        }
    }

    @Test
    void halfAnEmojiIsWrittenAsAnEscape() {
        assertThat(Json.quoted("\ud83d")).isEqualTo("\"\\ud83d\"");
        assertThat(Json.quoted("x\udc2a")).isEqualTo("\"x\\udc2a\"");
    }

    @Test
    void quotedTextNeverHoldsALineEnd() {
        for (char c = 0; c < ' '; c++) {
            assertThat(Json.quoted("a" + c)).doesNotContain("\n", "\r");
        }
    }

    @Test
    void numbersKeepTheirDigits() throws Exception {
        String json = "{\"a\":1.50,\"b\":123456789012345678901234567890,\"c\":0.1000000000000000055511151231257827}";
        assertThat(Json.text(Json.MAPPER.readTree(json))).isEqualTo(json);
    }

    /** Not even a BigDecimal holds the last two; their digits pass all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"1e1001", "-1E-1001", "10e2147483647", "1e9992147483648", "-0.5e-9992147483648"})
    void aNumberBeyondCountingKeepsItsDigits(String number) throws Exception {
        String json = "{\"a\":[" + number + ",1],\"b\":{\"c\":" + number + "}}";
        JsonNode tree = Json.MAPPER.readTree(json);
        assertThat(Json.text(tree)).isEqualTo(json);
        assertThat(tree.path("a").path(0).isNumber()).isFalse();
        assertThat(tree.path("a").path(0).asInt(7)).isEqualTo(7);
        assertThat(tree).isEqualTo(Json.MAPPER.readTree(json)).hasToString(json);
        assertThat(Json.text(Json.tree(number.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(number);
    }

    @Test
    void treesAreReadAsJacksonReadsThem() throws Exception {
        ObjectMapper theirs = JsonMapper.builder(Json.FACTORY)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
        for (String json : new String[] {
            "{\"a\":[1,-2147483649,92233720368547758080,1.50,1e3,-0.0,true,false,null,\"x\",{},[]],\"a\":2,\"\":{\"é\":\"🐪\"}}",
            "[]",
            "\"text\"",
            "12",
            "1.0e-7",
            "null",
            "true",
            " {} "
        }) {
            assertThat(Json.MAPPER.readTree(json)).isEqualTo(theirs.readTree(json));
        }
        assertThat(Json.MAPPER.readTree("")).isEqualTo(theirs.readTree(""));
        assertThatThrownBy(() -> Json.MAPPER.readTree("{\"a\":[1,")).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.MAPPER.readTree("{} 1")).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void nestingHasALimit() {
        String deep = "[".repeat(1001) + "]".repeat(1001);
        assertThatThrownBy(() -> Json.MAPPER.readTree(deep)).hasMessageContaining("depth");
    }
}
