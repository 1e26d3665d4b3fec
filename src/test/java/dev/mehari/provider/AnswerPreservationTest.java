package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field of an answer, whole and in pieces, of each protocol reaches clients of each API somewhere: marks that the
 * answers in {@code fields/answers} hold are looked for in what the client gets. What does not is named here, with its reason.
 */
@Timeout(60)
class AnswerPreservationTest {
    private static final Path ANSWERS = Path.of("src/test/resources/fields/answers");
    private static final Pattern MARK =
            Pattern.compile("mark-[a-z]+(?:-[a-z]+)*|markimage|\\b7000\\d\\d\\b|0\\.7000\\d");
    private static final Pattern SEALED = Pattern.compile("\"encrypted_content\":\"([^\"]+)\"");

    private static final Map<String, String> MODELS = Map.of(
            "anthropic", "claude-sonnet-4-5",
            "gemini", "gemini-2.5-flash",
            "bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "openai", "sambanova/m");

    private static final Map<String, String> ASKS = Map.of(
            "chat",
            "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
                    + "\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}]",
            "responses",
            "\"input\":\"hi\",\"store\":false,\"tools\":[{\"type\":\"function\",\"name\":\"f\","
                    + "\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}]",
            "messages",
            "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"name\":\"f\","
                    + "\"input_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}]");

    private static final Map<String, String> PATHS =
            Map.of("chat", "/v1/chat/completions", "responses", "/v1/responses", "messages", "/v1/messages");

    /** Counts that stand in sums where a client's API counts otherwise: golden cases hold those. */
    private static final Set<String> SUMMED = Set.of("700001", "700020", "700021", "700031", "700040");

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.gemini.base-url=" + upstream.address(),
                "mehari.providers.sambanova.base-url=" + upstream.address() + "/v1",
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.aws.access-key-id=AKID",
                "mehari.providers.bedrock.aws.secret-access-key=secret");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static Stream<Arguments> everyWay() {
        return MODELS.keySet().stream().sorted().flatMap(protocol -> PATHS.keySet().stream()
                .sorted()
                .flatMap(dialect -> Stream.of(false, true).map(stream -> Arguments.of(protocol, dialect, stream))));
    }

    @ParameterizedTest(name = "{0} to {1}, stream: {2}")
    @MethodSource("everyWay")
    void everyFieldOfAnAnswerReachesTheClient(String protocol, String dialect, boolean stream) throws Exception {
        String told = told(protocol, stream);
        upstream.answer(script(protocol, stream));
        HttpResponse<String> answer = gateway.post(PATHS.get(dialect), ask(protocol, dialect, stream));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Set<String> lost = marks(told);
        lost.removeAll(marks(readable(answer.body())));
        lost.removeAll(SUMMED);
        lost.removeAll(notTold(protocol, dialect));
        assertThat(lost).as(answer.body()).isEmpty();
    }

    private static Set<String> notTold(String protocol, String dialect) {
        Set<String> none = new TreeSet<>();
        if (dialect.equals("responses")) {
            // Responses have ids of ours, by which they are kept.
            none.add("mark-answer");
        }
        if (dialect.equals("messages")) {
            // No Messages request can ask for log-probabilities.
            none.addAll(Set.of("mark-token", "mark-other-token", "0.70007", "0.70008"));
        }
        if (dialect.equals("messages") && protocol.equals("gemini")) {
            // A call has no signature there: the gateway keeps it by the call's id.
            none.add("mark-signature");
        }
        return none;
    }

    private static String ask(String protocol, String dialect, boolean stream) {
        String counts = dialect.equals("chat") ? ",\"stream_options\":{\"include_usage\":true}" : "";
        return "{\"model\":\"" + MODELS.get(protocol) + "\"," + ASKS.get(dialect)
                + (stream ? ",\"stream\":true" + counts : "") + "}";
    }

    private static String told(String protocol, boolean stream) throws IOException {
        return Files.readString(ANSWERS.resolve(protocol + (stream ? pieces(protocol) : ".json")));
    }

    private static String pieces(String protocol) {
        return protocol.equals("bedrock") ? ".frames" : ".sse";
    }

    private static Script script(String protocol, boolean stream) throws IOException {
        String told = told(protocol, stream);
        if (!stream) {
            return Script.json(200, told);
        }
        return protocol.equals("bedrock")
                ? EventFrames.stream()
                        .chunk(EventFrames.of(told.lines().toList()))
                        .endChunks()
                : Script.stream().chunk(told).endChunks();
    }

    private static Set<String> marks(String text) {
        Set<String> marks = new TreeSet<>();
        Matcher found = MARK.matcher(text);
        while (found.find()) {
            marks.add(found.group());
        }
        return marks;
    }

    /** What is sealed for the way back counts as told, as the client sends it back. */
    private static String readable(String body) {
        List<String> all = new ArrayList<>(List.of(body));
        Matcher sealed = SEALED.matcher(body);
        while (sealed.find()) {
            try {
                all.add(new String(Base64.getDecoder().decode(sealed.group(1)), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException notOurs) {
                all.add(sealed.group(1));
            }
        }
        return String.join("\n", all);
    }
}
