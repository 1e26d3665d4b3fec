package dev.mehari.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.ReasoningMark;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.RequestField;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable.Handling;
import dev.mehari.provider.FieldTable.Row;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field that a dialect has is asked for alone, of each protocol: what the provider is sent must hold it where the
 * protocol's table says so, and else the client must be told. A field without a sample fails. (Fields of the chat dialect:
 * {@code CompatibilityTest}; what a host of OpenAI's takes of a chat is in its quirks.)
 */
class FieldPreservationTest {
    /** A provider and a model of each; {@code openai} speaks Responses itself, {@code azure} is asked by chat here. */
    private static final Map<String, String> MODELS = new TreeMap<>(Map.of(
            "openai", "gpt-5-mini",
            "azure", "gpt-5-mini",
            "anthropic", "claude-sonnet-4-5",
            "gemini", "gemini-2.5-flash",
            "bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"));

    private static Gateway gateway;

    /** What asks for a field, and what of it must arrive where it is kept. */
    private record Sample(String fields, String mark) {}

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                "mehari.providers.azure.base-url=http://127.0.0.1:9", "mehari.providers.azure.api-version=2024-10-21");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of("responses", "messages").flatMap(dialect -> MODELS.keySet().stream()
                .flatMap(provider -> dialect(dialect).fields().names().keySet().stream()
                        .map(field -> Arguments.of(dialect, provider, field))));
    }

    private static Dialect dialect(String name) {
        return gateway.beans(Dialect.class).stream()
                .filter(dialect -> dialect.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Sample sample(String dialect, RequestField field) {
        String line = GoldenCase.text(Path.of("src/test/resources/fields", dialect + ".txt"))
                .lines()
                .filter(row -> row.startsWith(field.name() + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample of " + field + " in fields/" + dialect + ".txt"));
        String[] columns = line.split(" \\| ");
        return new Sample(columns[1].replace('\'', '"'), columns[2]);
    }

    private static Ask ask(String dialect, String provider, String fields) {
        String limit = dialect.equals("messages") ? "\"max_tokens\":4321," : "";
        String request = "{\"model\":\"m\"," + limit + fields + "}";
        RequestFacts facts = dialect(dialect).read(request.getBytes(StandardCharsets.UTF_8), false);
        Provider found = gateway.bean(Providers.class).find(provider);
        return new Ask(found, MODELS.get(provider), "m", dialect, facts, "resp_ours");
    }

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @MethodSource("cases")
    void whatIsAskedForArrivesOrIsToldOf(String dialect, String provider, RequestField field) {
        Sample sample = sample(dialect, field);
        Ask ask = ask(dialect, provider, sample.fields());
        Protocol protocol = gateway.beans(Protocol.class).stream()
                .filter(known -> known.name().equals(ask.provider().protocol()))
                .findFirst()
                .orElseThrow();
        if (protocol.passes(ask)) {
            Encoded passed = protocol.encode(ask);
            if (dialect.equals("responses") && sample.fields().contains(ReasoningMark.TEXT)) {
                // Packed here for another maker, whose it is alone.
                assertThat(passed.dropped()).containsExactly(RequestField.REASONING_HISTORY.title());
            } else {
                assertThat(body(passed)).contains(sample.mark());
                assertThat(passed.dropped()).isEmpty();
            }
            return;
        }
        assertThat(field.isIn(ask.request().request().get()))
                .as("the sample asks for it")
                .isTrue();
        Row row = protocol.fields().rows().get(field);
        if (row.handling() == Handling.REJECTED) {
            InvalidRequest refused = catchThrowableOfType(InvalidRequest.class, () -> protocol.encode(ask));
            assertThat(refused).as(field + " is refused").isNotNull();
            assertThat(refused.param()).isNotNull();
            return;
        }
        arrivesOrIsTold(protocol, ask, field, row.handling(), sample);
    }

    private static void arrivesOrIsTold(
            Protocol protocol, Ask ask, RequestField field, Handling handling, Sample sample) {
        Encoded sent;
        try {
            sent = protocol.encode(ask);
        } catch (InvalidRequest refused) {
            // A value, or a model, that the field does not go with: told by name, and only where it is mapped.
            assertThat(handling).as(refused.text()).isEqualTo(Handling.MAPPED);
            assertThat(refused.param()).isNotNull();
            return;
        }
        boolean told = sent.dropped().contains(field.title());
        switch (handling) {
            case KEPT -> {
                assertThat(body(sent)).contains(sample.mark());
                assertThat(told).as("told to be missing").isFalse();
            }
            case MAPPED -> {
                String without =
                        body(protocol.encode(ask(ask.dialect(), ask.provider().name(), plain(ask.dialect()))));
                assertThat(told
                                || field == RequestField.MAX_TOKENS
                                || !body(sent).equals(without))
                        .as("sent as if it were not there: " + body(sent))
                        .isTrue();
            }
            case DROPPED -> assertThat(sent.dropped()).contains(field.title());
            case REJECTED -> throw new AssertionError("looked at before");
        }
    }

    static Stream<Arguments> nested() {
        return GoldenCase.text(Path.of("src/test/resources/fields/nested.txt"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" \\| "))
                .flatMap(columns -> MODELS.keySet().stream()
                        .map(provider ->
                                Arguments.of(columns[0], provider, columns[1], columns[2].replace('\'', '"'))));
    }

    /** Inside other fields as well: where the bytes do not pass, what has no home is told of. */
    @ParameterizedTest(name = "{0} to {1}: {2}")
    @MethodSource("nested")
    void whatHasNoHomeInsideOtherFieldsIsToldOf(String dialect, String provider, String name, String fields) {
        Ask ask = ask(dialect, provider, fields);
        Protocol protocol = gateway.beans(Protocol.class).stream()
                .filter(known -> known.name().equals(ask.provider().protocol()))
                .findFirst()
                .orElseThrow();
        Encoded sent = protocol.encode(ask);
        if (protocol.passes(ask)) {
            assertThat(body(sent)).contains("mark");
            assertThat(sent.dropped()).isEmpty();
        } else {
            assertThat(sent.dropped()).contains(name);
        }
    }

    private static String plain(String dialect) {
        return dialect.equals("messages")
                ? "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                : "\"input\":\"hi\"";
    }

    private static String body(Encoded sent) {
        return new String(sent.request().body(), StandardCharsets.UTF_8);
    }

    /** What the table promises for all protocols at once stays as long as the table. */
    @ParameterizedTest
    @MethodSource("dialects")
    void noSampleIsLeftOver(String dialect) {
        List<String> known = dialect(dialect).fields().names().keySet().stream()
                .map(Enum::name)
                .toList();
        GoldenCase.text(Path.of("src/test/resources/fields", dialect + ".txt"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> assertThat(known).contains(line.split(" \\| ")[0]));
    }

    static List<String> dialects() {
        return List.of("responses", "messages");
    }
}
