package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

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

    @Test
    void nestingHasALimit() {
        String deep = "[".repeat(1001) + "]".repeat(1001);
        assertThatThrownBy(() -> Json.MAPPER.readTree(deep)).hasMessageContaining("depth");
    }
}
