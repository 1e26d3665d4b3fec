package dev.mehari.usage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.usage.CallContent;
import dev.mehari.usage.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ConversationTest {
    private static Conversation of(String request, String response) {
        return of(request, response, UnaryOperator.identity());
    }

    private static Conversation of(String request, String response, UnaryOperator<String> redaction) {
        byte[] asked = request.getBytes(StandardCharsets.UTF_8);
        byte[] answered = response.getBytes(StandardCharsets.UTF_8);
        return Conversation.of(new CallContent(asked, asked.length, answered, answered.length), redaction);
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(
            resources = "/usage/conversations.csv",
            quoteCharacter = '~',
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true)
    void requestsAndAnswersOfEveryApiReadTheSame(
            String name, String request, String response, String input, String output) {
        Conversation said = of(request, response.replace("\\n", "\n"));
        assertThat(said.input()).isEqualTo(input);
        assertThat(said.output()).isEqualTo(output);
    }

    @Test
    void instructionsStandApart() {
        assertThat(of("{\"system\":\"Be brief.\",\"messages\":[]}", "{}").instructions())
                .isEqualTo("[{\"type\":\"text\",\"content\":\"Be brief.\"}]");
        assertThat(of("{\"messages\":[]}", "{}").instructions()).isNull();
    }

    @Test
    void whatWasCutIsToldAsItStands() {
        byte[] cut = "{\"messages\":[{\"role\":\"us".getBytes(StandardCharsets.UTF_8);
        Conversation said = Conversation.of(new CallContent(cut, 900, new byte[0], 0), UnaryOperator.identity());
        assertThat(said.input()).isEqualTo("{\"messages\":[{\"role\":\"us… (900 bytes)");
    }

    @Test
    void redactionReachesBothSides() {
        Conversation said = of(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"I am ann@example.com\"}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hello ann@example.com\"}}]}",
                Redaction::of);
        assertThat(said.input() + said.output()).contains("[e-mail]").doesNotContain("ann@");
    }
}
