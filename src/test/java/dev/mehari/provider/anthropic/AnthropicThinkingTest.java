package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mehari.chat.GatewayException.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicThinkingTest {
    private static final Claude CLAUDE = Claude.shipped();

    private static String thinking(String model, String fields) {
        return CLAUDE.sent(model, Claude.HELLO + "," + fields, "thinking", "output_config", "max_tokens")
                .replace("\"", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-opus-4-8 | none | {max_tokens:8192,thinking:{type:disabled}}",
                "claude-opus-4-8 | minimal | {max_tokens:8192,thinking:{type:adaptive,display:summarized},output_config:{effort:low}}",
                "claude-opus-4-8 | medium | {max_tokens:8192,thinking:{type:adaptive,display:summarized},output_config:{effort:medium}}",
                "claude-opus-4-8 | xhigh | {max_tokens:8192,thinking:{type:adaptive,display:summarized},output_config:{effort:xhigh}}",
                "claude-opus-4-6 | xhigh | {max_tokens:8192,thinking:{type:adaptive,display:summarized},output_config:{effort:high}}",
                "claude-opus-4-6 | max | {max_tokens:8192,thinking:{type:adaptive,display:summarized},output_config:{effort:max}}",
                "claude-sonnet-5-5 | none | {max_tokens:8192,thinking:{type:between_tools}}",
                "claude-opus-5-5 | none | {max_tokens:8192,output_config:{effort:low}}",
                "claude-sonnet-4-5 | none | {max_tokens:8192}",
                "claude-sonnet-4-5 | minimal | {max_tokens:9216,thinking:{type:enabled,budget_tokens:1024}}",
                "claude-sonnet-4-5 | low | {max_tokens:10240,thinking:{type:enabled,budget_tokens:2048}}",
                "claude-sonnet-4-5 | high | {max_tokens:24576,thinking:{type:enabled,budget_tokens:16384}}",
                "claude-opus-4-1 | xhigh | {max_tokens:32000,thinking:{type:enabled,budget_tokens:23808}}",
                "claude-sonnet-4-5 | max | {max_tokens:64000,thinking:{type:enabled,budget_tokens:55808}}",
                "claude-3-haiku-20240307 | high | {max_tokens:4096}",
            })
    void anEffortIsWhatTheModelHasForIt(String model, String effort, String sent) {
        assertThat(thinking(model, "\"reasoning_effort\":\"" + effort + "\"")).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-sonnet-4-5 | 'type':'enabled','budget_tokens':3000 | {max_tokens:11192,thinking:{type:enabled,budget_tokens:3000}}",
                "claude-opus-4-8 | 'type':'enabled','budget_tokens':3000,'display':'omitted' | {max_tokens:11192,thinking:{type:enabled,budget_tokens:3000,display:omitted}}",
                "claude-opus-4-7 | 'type':'enabled','budget_tokens':3000 | {max_tokens:8192,thinking:{type:adaptive},output_config:{effort:medium}}",
                "claude-sonnet-4-5 | 'type':'adaptive' | {max_tokens:16384,thinking:{type:enabled,budget_tokens:8192}}",
                "claude-opus-4-8 | 'type':'adaptive' | {max_tokens:8192,thinking:{type:adaptive}}",
                "claude-sonnet-5-5 | 'type':'between_tools' | {max_tokens:8192,thinking:{type:between_tools}}",
                "claude-sonnet-5-5 | 'type':'disabled' | {max_tokens:8192,thinking:{type:between_tools}}",
                "claude-sonnet-4-5 | 'type':'disabled' | {max_tokens:8192,thinking:{type:disabled}}",
            })
    void anthropicsOwnWordsAreKeptWhereTheModelKnowsThem(String model, String thinking, String sent) {
        assertThat(thinking(model, "\"thinking\":{" + thinking.replace('\'', '"') + "}"))
                .isEqualTo(sent);
    }

    @Test
    void aBudgetOfOursStaysBelowTheClientsLimit() {
        assertThat(thinking("claude-sonnet-4-5", "\"reasoning_effort\":\"high\",\"max_completion_tokens\":4000"))
                .isEqualTo("{max_tokens:4000,thinking:{type:enabled,budget_tokens:3000}}");
    }

    @Test
    void withoutRoomForThoughtThereIsNoneAndTheAnswerSaysSo() {
        String fields = Claude.HELLO + ",\"reasoning_effort\":\"high\",\"max_completion_tokens\":1200";
        assertThat(CLAUDE.sent("claude-sonnet-4-5", fields, "thinking", "max_tokens"))
                .isEqualTo("{\"max_tokens\":1200}");
        assertThat(CLAUDE.encode("claude-sonnet-4-5", fields).dropped()).containsExactly("reasoning_effort");
    }

    @Test
    void effortBesideDisabledThinkingIsAtMostHigh() {
        assertThat(thinking("claude-opus-4-8", "\"thinking\":{\"type\":\"disabled\"},\"reasoning_effort\":\"max\""))
                .isEqualTo("{max_tokens:8192,thinking:{type:disabled},output_config:{effort:high}}");
    }

    @Test
    void wordsThatNobodyKnowsAreRefused() {
        InvalidRequest effort = catchThrowableOfType(
                InvalidRequest.class, () -> thinking("claude-opus-4-8", "\"reasoning_effort\":\"colossal\""));
        assertThat(effort.param()).isEqualTo("reasoning_effort");
        InvalidRequest type = catchThrowableOfType(
                InvalidRequest.class, () -> thinking("claude-opus-4-8", "\"thinking\":{\"type\":\"deep\"}"));
        assertThat(type.param()).isEqualTo("thinking.type");
    }
}
