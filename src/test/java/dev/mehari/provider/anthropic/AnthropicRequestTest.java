package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.provider.Encoded;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings and odd values make of a request; the golden cases have the rest. */
class AnthropicRequestTest {
    private static final String MODEL = "claude-sonnet-4-5";
    private static final Claude CLAUDE = Claude.shipped();

    @ParameterizedTest
    @CsvSource({
        "http://h,/v1/messages",
        "http://h/,/v1/messages",
        "http://h/v1,/messages",
        "http://h/v1/messages,/v1/messages",
        "http://h/anthropic,/v1/messages",
        "http://h/anthropic/v1,/messages",
    })
    void theVersionStandsOnceInThePath(String base, String path) {
        Encoded encoded = Claude.with(Map.of("providers.claude.base-url", base)).encode(MODEL, Claude.HELLO);
        assertThat(encoded.request().path()).isEqualTo(path);
    }

    @Test
    void theLaterVersionOfTheApiTakesNoSamplingFromAnyModel() {
        Claude later = Claude.with(Map.of("providers.claude.api-version", "2026-10-21"));
        Encoded encoded = later.encode(MODEL, Claude.HELLO + ",\"temperature\":0.5,\"top_k\":3");
        assertThat(encoded.request().headers()).contains(Map.entry("anthropic-version", "2026-10-21"));
        assertThat(encoded.dropped()).containsExactly("temperature", "top_k");
    }

    @Test
    void theDefaultLimitIsTheOperatorsAndNeverMoreThanTheModels() {
        Claude more = Claude.with(Map.of("anthropic.default-max-tokens", "100000"));
        assertThat(more.sent(MODEL, Claude.HELLO, "max_tokens")).isEqualTo("{\"max_tokens\":64000}");
        assertThat(more.sent("claude-3-haiku-20240307", Claude.HELLO, "max_tokens"))
                .isEqualTo("{\"max_tokens\":4096}");
    }

    @Test
    void whoMayWriteMoreHasMoreTime() {
        Claude claude = Claude.with(Map.of("anthropic.default-max-tokens", "64000"));
        assertThat(claude.encode(MODEL, Claude.HELLO).request().timeouts().total())
                .isEqualTo(Duration.ofSeconds(1200));
    }

    @Test
    void lateSystemMessagesCanGoToTheTop() {
        Claude claude = Claude.with(Map.of("anthropic.late-system", "hoist"));
        String late = "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"b\"}]";
        assertThat(claude.sent(MODEL, late, "system")).isEqualTo("{\"system\":[{\"type\":\"text\",\"text\":\"b\"}]}");
    }

    @Test
    void anOperatorsModelIsTakenAtItsWord() {
        Claude claude = Claude.with(Map.of(
                "anthropic.models[0].match", "my-model",
                "anthropic.models[0].max-tokens", "500",
                "anthropic.models[0].can", "sampling,forced-tools"));
        assertThat(claude.sent("my-model-1", Claude.HELLO + ",\"temperature\":0.1", "max_tokens", "temperature"))
                .isEqualTo("{\"max_tokens\":500,\"temperature\":0.1}");
    }

    @Test
    void webSearchIsAServerToolWhereTheOperatorNamesOne() {
        String fields = Claude.HELLO + ",\"web_search_options\":{\"user_location\":{\"type\":\"approximate\","
                + "\"approximate\":{\"country\":\"FR\"}}}";
        Claude claude = Claude.with(Map.of("anthropic.web-search-tool", "web_search_20250305"));
        assertThat(claude.sent(MODEL, fields, "tools"))
                .isEqualTo("{\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\","
                        + "\"user_location\":{\"type\":\"approximate\",\"country\":\"FR\"}}]}");
        assertThat(claude.encode(MODEL, fields).dropped()).isEmpty();
        assertThat(CLAUDE.encode(MODEL, fields).dropped()).containsExactly("web_search_options");
    }

    @Test
    void halfAnEmojiStaysJson() {
        String sent = new String(CLAUDE.encode(MODEL, "\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}]")
                .request()
                .body());
        assertThat(sent).contains("\\ud83d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"messages\":[{\"role\":\"system\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.example/a.png\"}}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"gs://bucket/a.png\"}}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/plain;base64,/w==\"}}]}]",
            })
    void whatClaudeCannotReadIsRefusedByItsPlace(String fields) {
        InvalidRequest refused = catchThrowableOfType(InvalidRequest.class, () -> CLAUDE.encode(MODEL, fields));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.param()).startsWith("messages[0].content");
    }

    @Test
    void aSchemaThatIsNoObjectsCannotBeATools() {
        InvalidRequest refused = catchThrowableOfType(
                InvalidRequest.class,
                () -> CLAUDE.encode(
                        MODEL,
                        Claude.HELLO + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
                                + "{\"type\":\"string\"}}}]"));
        assertThat(refused.param()).isEqualTo("tools[0].function.parameters");
    }

    @Test
    void aMailAddressLeavesAsItsHash() {
        String sent = CLAUDE.sent(MODEL, Claude.HELLO + ",\"user\":\"a@b.example\"", "metadata");
        assertThat(sent).doesNotContain("@");
        assertThat(Json.text(Claude.json(sent).at("/metadata/user_id"))).hasSize(66);
    }

    @Test
    void whatOnlyTheGatewayReadsIsNotSaidToBeDropped() {
        String fields = Claude.HELLO + ",\"provider\":\"claude\",\"call\":{},\"metadata\":{\"a\":{}},\"api_key\":\"k\"";
        assertThat(CLAUDE.encode(MODEL, fields).dropped()).isEmpty();
        assertThat(new String(CLAUDE.encode(MODEL, fields).request().body())).doesNotContain("call", "api_key");
    }

    @Test
    void aModelThatDoesNotThinkGetsNoThoughtsOfOthersBack() {
        String thoughts =
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\","
                        + "\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"S\"}]},"
                        + "{\"role\":\"user\",\"content\":\"c\"}]";
        assertThat(CLAUDE.sent(MODEL, thoughts, "messages")).contains("\"signature\":\"S\"");
        assertThat(CLAUDE.sent("claude-3-5-haiku-20241022", thoughts, "messages"))
                .doesNotContain("thinking");
        assertThat(CLAUDE.encode("claude-3-5-haiku-20241022", thoughts).dropped())
                .containsExactly("messages[].reasoning_content");
    }
}
