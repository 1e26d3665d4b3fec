package dev.mehari.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request reaches a provider that speaks OpenAI's API: all of it, byte for byte, but for what must not. */
class PassThroughTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.openrouter.base-url=" + upstream.url(),
                "mehari.providers.openrouter.api-key=k",
                "mehari.providers.openrouter.pool.warm-up=0");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void answerWhole() {
        upstream.answer(Script.json(200, Answers.json("hello")));
    }

    @Test
    void unknownFieldsKeepTheirBytesAndOrder() {
        String extras = "\"zeta\":1.00,\"alpha\":1.0,\"seed\":9007199254740993,\"big\":123456789012345678901234567890,"
                + "\"exp\":1E+2,\"neg\":-0,\"esc\":\"\\u00e9\\/\\ud83d\\ude00 \u00e9\\t\",\"deep\":{\"b\":[1,  2],\"a\":{}},"
                + "\"spaced\" : [ true , null ],\"nothing\":null";
        assertThat(sent(extras)).isEqualTo(expected(extras));
    }

    @Test
    void messagesAndToolsKeepTheirBytes() {
        String body = "{\"messages\": [ {\"content\":\"caf\\u00e9\",\"role\":\"user\",\"x\":1.50} ],"
                + "\"tools\":[{\"function\":{\"parameters\":{\"maximum\":1.0},\"name\":\"f\"},\"type\":\"function\"}],"
                + "\"model\":\"gpt-4o-mini\"}";
        String sent = send(body);
        assertThat(sent)
                .isEqualTo("{\"model\":\"gpt-4o-mini\"," + body.substring(1).replace(",\"model\":\"gpt-4o-mini\"", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"api_key\":\"k\"", "\"api_base\":\"http://evil\"", "\"base_url\":\"http://evil\"",
                "\"extra_headers\":{\"a\":\"b\"}", "\"headers\":{\"a\":\"b\"}", "\"organization\":\"o\"",
                "\"call\":{\"id\":\"c\"}", "\"phoneNumber\":{\"number\":\"1\"}", "\"customer\":{\"number\":\"1\"}",
                "\"timestamp\":1764000000000", "\"assistant\":{\"model\":{}}", "\"credentials\":[{\"key\":\"k\"}]",
                "\"cache\":{\"no-cache\":true}", "\"provider\":\"openai\"", "\"metadata\":{\"a\":1}",
                "\"metadata\":{\"a\":\"b\",\"c\":{\"d\":\"e\"}}", "\"metadata\":{\"a\":null}", "\"metadata\":\"text\"",
                "\"metadata\":[\"a\"]"
            })
    void forbiddenFieldsStayHere(String field) {
        assertThat(sent("\"before\":1," + field + ",\"after\":2")).isEqualTo(expected("\"before\":1,\"after\":2"));
    }

    @Test
    void forbiddenFieldsStayHereUnderEscapedNames() {
        assertThat(sent("\"api\\u005fbase\":\"http://evil\",\"\\u0063all\":{}")).isEqualTo(expected(null));
    }

    @Test
    void aDuplicateOfAForbiddenFieldStaysHereToo() {
        assertThat(sent("\"base_url\":\"a\",\"x\":1,\"base_url\":\"b\"")).isEqualTo(expected("\"x\":1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"metadata\":{\"a\":\"b\",\"c\":\"\"}",
                "\"metadata\":{}",
                "\"provider\":{\"order\":[\"x\"],\"allow_fallbacks\":false}",
                "\"user\":\"u\"",
                "\"store\":true",
                "\"response_format\":{\"type\":\"text\"}",
                "\"stop\":[\"a\",\"b\"]",
                "\"logit_bias\":{\"5\":-100}",
                "\"n\":2",
                "\"max_tokens\":250.0"
            })
    void whatOpenAiMayKnowPasses(String field) {
        assertThat(sent(field)).isEqualTo(expected(field));
    }

    @Test
    void theModelsNameIsWrittenOnceHoweverOftenItCame() {
        String sent = send("{\"model\":\"x\"," + MESSAGES + ",\"model\":\"openai/gpt-4o-mini\"}");
        assertThat(sent).isEqualTo("{\"model\":\"gpt-4o-mini\"," + MESSAGES + "}");
    }

    @Test
    void openRouterGetsItsOwnProviderObjectAndModelName() {
        String fields = "\"provider\":{\"sort\":\"price\"}";
        String sent = send("{\"model\":\"openrouter/auto\"," + MESSAGES + "," + fields + "}");
        assertThat(sent).isEqualTo("{\"model\":\"openrouter/auto\"," + MESSAGES + "," + fields + "}");
        assertThat(send("{\"model\":\"openrouter/qwen/qwen3:free\"," + MESSAGES + "}"))
                .startsWith("{\"model\":\"qwen/qwen3:free\"");
    }

    private static String sent(String fields) {
        return send("{\"model\":\"gpt-4o-mini\"," + MESSAGES + "," + fields + "}");
    }

    private static String expected(String fields) {
        return "{\"model\":\"gpt-4o-mini\"," + MESSAGES + (fields == null ? "" : "," + fields) + "}";
    }

    private static String send(String body) {
        assertThat(gateway.chat(body).statusCode()).isEqualTo(200);
        return upstream.last().body();
    }
}
