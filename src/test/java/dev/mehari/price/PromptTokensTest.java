package dev.mehari.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.History;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.RequestBody;
import dev.mehari.testing.ErrorCheck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reserved of a prompt: all that the model reads, whoever has made it. */
class PromptTokensTest {
    private static final String CLAUDE = "claude-sonnet-4-5";
    private static final String TEXT = "x".repeat(400);

    private static RequestFacts facts(String json) {
        JsonObject raw = RequestBody.of(json.getBytes(StandardCharsets.UTF_8)).scan((name, value) -> {});
        return new RequestFacts(raw, null, null, false, false, null, 0, false, false, () -> {
            throw new IllegalStateException("it is not translated to be counted");
        });
    }

    private static long tokens(String model, String json) {
        return PromptTokens.of(facts(json), model);
    }

    private static String user(String content) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}";
    }

    @Test
    void withoutAnEncodingFourCharactersAreATokenAndEachMessageFour() {
        assertThat(tokens(CLAUDE, user("\"" + TEXT + "\""))).isEqualTo(4 + 100 + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLAUDE, "gemini-2.5-pro", "mistral-large", "gpt-4o"})
    void picturesFilesAndSoundCountForEveryModelAndNotByTheirLength(String model) {
        String data = "A".repeat(100_000);
        for (String part : List.of(
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + data + "\"}}",
                "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"" + data + "\"}}",
                "{\"type\":\"file\",\"file\":{\"file_data\":\"" + data + "\"}}",
                "{\"type\":\"input_file\",\"file_data\":\"" + data + "\"}",
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"" + data + "\"}}")) {
            assertThat(tokens(model, user("[" + part + "," + part + "]"))).isBetween(3000L, 3010L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools", "functions", "system", "instructions"})
    void whatStandsBesideTheMessagesCounts(String field) {
        String body = "{\"" + field + "\":[{\"description\":\"" + TEXT + "\"}],\"messages\":[]}";
        assertThat(tokens(CLAUDE, body)).isEqualTo(101);
    }

    @Test
    void textThatIsTokensAlreadyCountsAsSuch() {
        assertThat(tokens("embed-english-v3", "{\"input\":[[1,2,3],[4]]}")).isEqualTo(5);
    }

    @Test
    void theConversationThatARequestGoesOnWithCounts() {
        JsonNode item = ErrorCheck.tree("{\"type\":\"message\",\"role\":\"user\",\"content\":\"" + TEXT + "\"}");
        RequestFacts facts = facts("{\"input\":\"" + TEXT + "\"}");
        assertThat(PromptTokens.of(facts, CLAUDE)).isEqualTo(101);
        assertThat(PromptTokens.of(facts.with(History.of(List.of(item, item))), CLAUDE))
                .isEqualTo(100 + 2 * (4 + 100) + 1);
    }
}
