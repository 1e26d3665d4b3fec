package dev.mehari.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Providers;
import dev.mehari.testing.Shipped;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What each shipped provider gets of a client's field. The tables in {@code src/test/resources/quirks} follow the
 * providers' own references, read 2026-11-21.
 *
 * <p>{@code same}: as it is · {@code dropped}: left out, and told · {@code gone}: left out in silence, as it asks nothing
 * · {@code refused}: 400 with the field's name · JSON: what stands there instead, and {@code told} what is named.
 */
class ProviderQuirksTest {
    private static final Providers PROVIDERS = Shipped.providers();
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @ParameterizedTest(name = "{0}: {1} → {2}")
    @CsvFileSource(resources = "/quirks/fields.csv", delimiter = '|', quoteCharacter = '~', numLinesToSkip = 1)
    void aFieldIsSentAsTheProviderKnowsIt(String names, String field, String expected) throws Exception {
        for (String provider : names.split(" ")) {
            ObjectNode asked = object("{" + field + "}");
            String name = asked.fieldNames().next();
            if (expected.equals("refused")) {
                InvalidRequest refusal =
                        catchThrowableOfType(InvalidRequest.class, () -> encode(provider, field + "," + HI));
                assertThat(refusal).as(provider).isNotNull();
                assertThat(refusal.code()).isEqualTo("unsupported_parameter");
                assertThat(refusal.param()).isEqualTo(name);
                assertThat(refusal.text()).contains(name, provider);
                continue;
            }
            Encoded encoded = encode(provider, field + "," + HI);
            JsonNode sent = Json.MAPPER.readTree(encoded.request().body());
            String[] instead = expected.split(" told ");
            List<String> told = expected.equals("dropped")
                    ? List.of(name)
                    : Arrays.stream(instead).skip(1).toList();
            assertThat(encoded.dropped()).as(provider).isEqualTo(told);
            switch (instead[0]) {
                case "same" ->
                    asked.fieldNames()
                            .forEachRemaining(each ->
                                    assertThat(sent.get(each)).as(provider).isEqualTo(asked.get(each)));
                case "dropped", "gone" ->
                    assertThat(sent.has(name)).as(provider).isFalse();
                default -> {
                    ObjectNode wanted = object("{" + instead[0] + "}");
                    assertThat(wanted.has(name)).isEqualTo(sent.has(name));
                    wanted.fieldNames()
                            .forEachRemaining(each ->
                                    assertThat(sent.get(each)).as(provider).isEqualTo(wanted.get(each)));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1} → {2}")
    @CsvFileSource(resources = "/quirks/messages.csv", delimiter = '|', quoteCharacter = '~', numLinesToSkip = 1)
    void aMessageIsSentAsTheProviderKnowsIt(String names, String message, String expected) throws Exception {
        for (String provider : names.split(" ")) {
            String messages = "\"messages\":[" + message + "]";
            if (expected.startsWith("refused ")) {
                InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> encode(provider, messages));
                assertThat(refusal).as(provider).isNotNull();
                assertThat(refusal.param()).isEqualTo(expected.substring("refused ".length()));
                continue;
            }
            JsonNode sent =
                    Json.MAPPER.readTree(encode(provider, messages).request().body());
            String wanted = expected.equals("same") ? message : expected;
            assertThat(sent.path("messages")).as(provider).isEqualTo(Json.MAPPER.readTree("[" + wanted + "]"));
        }
    }

    @Test
    void whatIsLeftOutOfMessagesIsTold() {
        String history = "\"messages\":[{\"role\":\"user\",\"name\":\"ann\",\"content\":\"hi\",\"cache_control\":{}},"
                + "{\"role\":\"assistant\",\"content\":\"ho\",\"refusal\":null,\"annotations\":[],"
                + "\"reasoning_content\":\"hm\",\"audio\":{\"id\":\"a\"}},"
                + "{\"role\":\"user\",\"name\":\"bob\",\"content\":\"hi\"}]";
        assertThat(encode("groq", history).dropped()).containsExactly("messages[].name");
        assertThat(encode("mistral", history).dropped())
                .containsExactly("messages[].reasoning_content", "messages[].audio");
    }

    private static Encoded encode(String provider, String fields) {
        return new OpenAiProtocol()
                .encode(Shipped.ask(
                        PROVIDERS.find(provider), "some-model", "{\"model\":\"some-model\"," + fields + "}"));
    }

    private static ObjectNode object(String json) throws Exception {
        return (ObjectNode) Json.MAPPER.readTree(json);
    }
}
