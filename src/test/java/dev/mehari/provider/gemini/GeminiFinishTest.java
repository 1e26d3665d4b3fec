package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.FinishReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every finish reason of Gemini's has its meaning. */
class GeminiFinishTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            STOP,                      STOP,           false
            MAX_TOKENS,                LENGTH,         false
            CONTINUATION,              LENGTH,         false
            SAFETY,                    CONTENT_FILTER, false
            RECITATION,                CONTENT_FILTER, false
            LANGUAGE,                  CONTENT_FILTER, false
            BLOCKLIST,                 CONTENT_FILTER, false
            PROHIBITED_CONTENT,        CONTENT_FILTER, false
            SPII,                      CONTENT_FILTER, false
            MODEL_ARMOR,               CONTENT_FILTER, false
            IMAGE_SAFETY,              CONTENT_FILTER, false
            IMAGE_PROHIBITED_CONTENT,  CONTENT_FILTER, false
            IMAGE_RECITATION,          CONTENT_FILTER, false
            IMAGE_OTHER,               STOP,           true
            NO_IMAGE,                  STOP,           true
            MALFORMED_FUNCTION_CALL,   STOP,           true
            UNEXPECTED_TOOL_CALL,      STOP,           true
            TOO_MANY_TOOL_CALLS,       STOP,           true
            MISSING_THOUGHT_SIGNATURE, STOP,           true
            MALFORMED_RESPONSE,        STOP,           true
            OTHER,                     STOP,           true
            FINISH_REASON_UNSPECIFIED, STOP,           true
            OF_TOMORROW,               STOP,           true
            """)
    void aReasonMeansThisAndIsAFaultOrNot(String reason, FinishReason meant, boolean fault) {
        assertThat(GeminiFinish.reason(reason)).isEqualTo(meant);
        assertThat(GeminiFinish.isFault(reason)).isEqualTo(fault);
    }
}
