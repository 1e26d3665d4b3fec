package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest.Reasoning;
import dev.mehari.chat.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiThinkingTest {
    private static String written(String model, Reasoning reasoning) {
        ByteSink out = new ByteSink(64);
        JsonWriter json = new JsonWriter(out).object();
        GeminiThinking.write(json, reasoning, null, GeminiModel.of(model));
        json.endObject();
        String text = new String(out.toByteArray(), StandardCharsets.UTF_8);
        return text.replaceAll("^\\{\"thinkingConfig\":\\{|}}$", "").replace("\"", "");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-pro,none,thinkingBudget:128",
        "gemini-2.5-flash,none,thinkingBudget:0",
        "gemini-2.5-flash-lite,minimal,'thinkingBudget:512,includeThoughts:true'",
        "gemini-2.5-pro,low,'thinkingBudget:1024,includeThoughts:true'",
        "gemini-2.5-pro-preview-06-05,medium,'thinkingBudget:8192,includeThoughts:true'",
        "gemini-2.5-flash,high,'thinkingBudget:24576,includeThoughts:true'",
        "gemini-2.5-flash,max,'thinkingBudget:24576,includeThoughts:true'",
        "gemini-2.5-pro,xhigh,'thinkingBudget:32768,includeThoughts:true'",
        "gemini-3-pro-preview,none,thinkingLevel:LOW",
        "gemini-3-pro-preview,minimal,'thinkingLevel:LOW,includeThoughts:true'",
        "gemini-3.1-pro-preview,medium,'thinkingLevel:MEDIUM,includeThoughts:true'",
        "gemini-3-flash-preview,minimal,'thinkingLevel:MINIMAL,includeThoughts:true'",
        "gemini-3-flash-preview,none,thinkingLevel:MINIMAL",
        "gemini-3.7-flash,minimal,'thinkingLevel:LOW,includeThoughts:true'",
        "gemini-flash-latest,minimal,'thinkingLevel:LOW,includeThoughts:true'",
        "gemini-4-pro,max,'thinkingLevel:HIGH,includeThoughts:true'",
        "gemini-4-hydrogen,xhigh,'thinkingLevel:XHIGH,includeThoughts:true'",
        "gemini-2.0-flash,high,{}",
        "gemini-2.5-flash-image,high,{}",
    })
    void anEffortIsSaidAsTheModelHasIt(String model, String effort, String expected) {
        assertThat(written(model, Reasoning.of(effort))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,2000,'thinkingBudget:2000,includeThoughts:true'",
        "gemini-2.5-pro,1,'thinkingBudget:128,includeThoughts:true'",
        "gemini-3-pro-preview,1024,'thinkingLevel:LOW,includeThoughts:true'",
        "gemini-3-pro-preview,8000,'thinkingLevel:MEDIUM,includeThoughts:true'",
        "gemini-3-pro-preview,30000,'thinkingLevel:HIGH,includeThoughts:true'",
    })
    void aBudgetBecomesOneThatTheModelHas(String model, int tokens, String expected) {
        assertThat(written(model, new Reasoning(null, "enabled", tokens, null))).isEqualTo(expected);
    }

    @Test
    void withoutABudgetTheModelDecides() {
        assertThat(written("gemini-2.5-flash", new Reasoning(null, "adaptive", null, null)))
                .isEqualTo("thinkingBudget:-1,includeThoughts:true");
        assertThat(written("gemini-3-pro-preview", new Reasoning(null, "enabled", null, null)))
                .isEqualTo("includeThoughts:true");
        assertThat(written("gemini-3-pro-preview", new Reasoning(null, null, null, "auto")))
                .isEqualTo("includeThoughts:true");
    }

    @Test
    void thoughtsMayBeKeptBack() {
        assertThat(written("gemini-2.5-flash", new Reasoning("low", null, null, "omitted")))
                .isEqualTo("thinkingBudget:1024");
    }

    @Test
    void nothingAskedForIsNothingSaid() {
        assertThat(written("gemini-3-pro-preview", Reasoning.DEFAULTS)).isEqualTo("{}");
    }
}
