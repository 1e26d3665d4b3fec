package dev.mehari.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final List<String> HIDDEN =
            List.of("joe.doe@example.com", "4111 1111 1111 1111", "+49 30 1234567890", "sk-proj-abcdefgh12345678");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write to joe.doe@example.com now | write to [e-mail] now",
                "key sk-proj-abcdefgh12345678 leaked | key [secret] leaked",
                "authorization: Bearer abcdefghijkl | authorization: Bearer [secret]",
                "Bearer sk-proj-abcdefgh12345678 | Bearer [secret]",
                "AKIAIOSFODNN7EXAMPLE is one | [secret] is one",
                "card 4111 1111 1111 1111, thanks | card [number], thanks",
                "call +49 30 1234567890 | call [number]",
                "[1] is where, [4111 1111 1111 1111] my card | [1] is where, [[number]] my card",
                "in 2026, 42 of 100 | in 2026, 42 of 100",
                "nothing to hide | nothing to hide"
            })
    void whatLooksLikeASecretIsTakenOut(String said, String kept) {
        assertThat(Redaction.of(said)).isEqualTo(kept);
    }

    @Test
    void mediaAreTakenOut() {
        String image = "{\"url\":\"data:image/png;base64," + "iVBORw0KGgo".repeat(100) + "==\"}";
        assertThat(Redaction.of(image)).isEqualTo("{\"url\":\"[media]\"}");
        assertThat(Redaction.of("{\"data\":\"" + "QUJD".repeat(200) + "\"}")).isEqualTo("{\"data\":\"[media]\"}");
        // As some write base64.
        assertThat(Redaction.of("{\"data\":\"" + "QUJ\\/".repeat(200) + "\"}")).isEqualTo("{\"data\":\"[media]\"}");
    }

    @Test
    void vapisCallIsTakenOut() {
        String body =
                "{\"model\":\"m\",\"call\": {\"id\":\"1\",\"customer\":{\"name\":\"} \\\" {\"},\"list\":[1]},\"stream\":true}";
        assertThat(Redaction.of(body)).isEqualTo("{\"model\":\"m\",\"call\":{\"redacted\":true},\"stream\":true}");
        assertThat(Redaction.of("{\"call\":{\"id\":1},\"call\":{\"id\":[2]},\"stream\":true}"))
                .isEqualTo("{\"call\":{\"redacted\":true},\"call\":{\"redacted\":true},\"stream\":true}");
        assertThat(Redaction.of("{\"call\":{\"id\":\"cut off")).isEqualTo("{\"call\":{\"redacted\":true}");
        assertThat(Redaction.of("{\"call\":\"off\",\"n\":1}")).isEqualTo("{\"call\":\"off\",\"n\":1}");
    }

    @Test
    void numbersOfJsonBecomeStrings() {
        assertThat(Redaction.of("{\"card\":4111111111111111,\"of\":[-123456789,12345678]}"))
                .isEqualTo("{\"card\":\"[number]\",\"of\":[\"[number]\",12345678]}");
    }

    @Test
    void whatOnlyBeginsAsJsonIsText() {
        assertThat(Redaction.of("{\"a\":\"[4111 1111 1111 1111] and [{}]\\n4111 1111 1111 1111\"}"))
                .isEqualTo("{\"a\":\"[[number]] and [{}]\\n[number]\"}");
        assertThat(Redaction.of("[{}]\n4111 1111 1111 1111")).isEqualTo("[{}]\n[number]");
    }

    @Test
    void timesAndFractionsOfAnswersStay() {
        String answer = "{\"created\": 1764000000, \"logprob\": -0.00012345678901, \"seed\": 7}";
        assertThat(Redaction.of(answer)).isEqualTo(answer);
    }

    @Test
    void stringsAreReadAsWhatTheyMean() {
        assertThat(Redaction.of("{\"a\":\"mail:\\njoe@example.com\\n4111 1111 1111 1111\\tsk-proj-abcdefgh12345678\"}"))
                .isEqualTo("{\"a\":\"mail:\\n[e-mail]\\n[number]\\t[secret]\"}");
        assertThat(Redaction.of("{\"a\":\"joe\\u0040example.com\"}")).isEqualTo("{\"a\":\"[e-mail]\"}");
    }

    @Test
    void argumentsOfCallsStayJson() {
        assertThat(Redaction.of("{\"arguments\":\"{\\\"phone\\\": 4930123456789, \\\"to\\\": \\\"a@b.org\\\"}\"}"))
                .isEqualTo("{\"arguments\":\"{\\\"phone\\\":\\\"[number]\\\",\\\"to\\\":\\\"[e-mail]\\\"}\"}");
    }

    @Test
    void whatIsParseableStaysParseable() throws JsonProcessingException {
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            JsonNode body = JsonNodeFactory.instance
                    .objectNode()
                    .put("text", text(random, 3))
                    .set("value", value(random, 4));
            String pretty = random.nextBoolean() ? body.toPrettyString() : body.toString();
            JsonNode kept = Json.MAPPER.readTree(Redaction.of(pretty));
            assertThat(shape(kept)).as(pretty).isEqualTo(shape(body));
            HIDDEN.forEach(secret -> assertThat(texts(kept)).as(pretty).noneMatch(text -> text.contains(secret)));
        }
    }

    @Test
    void whatIsCutAnywhereHidesWhatCameWhole() {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"to\\njoe.doe@example.com, \\\"now\\\"\"}],\"n\":4111111111111111,"
                        + "\"call\":{\"key\":\"private\"},\"stop\":[]}";
        for (int end = 0; end <= body.length(); end++) {
            String kept = Redaction.of(body.substring(0, end));
            assertThat(kept).doesNotContain("joe.doe@example.com", "4111111111111111", "private");
            assertThat(kept.length()).isLessThanOrEqualTo(body.length() + 20);
        }
    }

    @Test
    void whatComesInPiecesIsSeenAsAWhole() throws JsonProcessingException {
        Random random = new Random(11);
        String said = "Write to joe.doe@example.com, pay with 4111 1111 1111 1111\nor call +49 30 1234567890 at once.";
        for (int round = 0; round < 200; round++) {
            List<String> pieces = pieces(said, random);
            String stream = pieces.stream()
                    .map(piece -> "data: {\"created\":1764000000,\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                            + Json.quoted(piece) + "}}]}\n\n")
                    .collect(Collectors.joining("", ": ping\n", "data: [DONE]\n\n"));
            List<JsonNode> events = events(Redaction.of(stream));
            assertThat(events).hasSize(pieces.size());
            assertThat(events.stream()
                            .map(event -> event.at("/choices/0/delta/content").asText())
                            .collect(Collectors.joining()))
                    .isEqualTo("Write to [e-mail], pay with [number]\nor call [number] at once.");
        }
    }

    @Test
    void textsThatGrowSideBySideAreNotMixedUp() throws JsonProcessingException {
        String stream = delta(0, "joe.doe") + delta(1, "nobody") + delta(0, "@example.com") + delta(1, " there");
        assertThat(events(Redaction.of(stream)))
                .extracting(event -> event.at("/delta/text").asText())
                .containsExactly("[e-mail]", "nobody", "", " there");
    }

    private static String delta(int index, String text) {
        return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" + index
                + ",\"delta\":{\"type\":\"text_delta\",\"text\":" + Json.quoted(text) + "}}\n\n";
    }

    @Test
    void argumentsInPiecesAddUpToJson() throws JsonProcessingException {
        Random random = new Random(13);
        String arguments =
                "{\"to\": \"\\njoe.doe@example.com\", \"phone\": 4930123456789, \"account\": -4930123456789, \"n\": [1, 2]}";
        for (int round = 0; round < 200; round++) {
            String stream = pieces(arguments, random).stream()
                    .map(piece ->
                            "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":"
                                    + "{\"arguments\":" + Json.quoted(piece) + "}}]}}]}\n\n")
                    .collect(Collectors.joining());
            String joined = events(Redaction.of(stream)).stream()
                    .map(event -> event.at("/choices/0/delta/tool_calls/0/function/arguments")
                            .asText())
                    .collect(Collectors.joining());
            assertThat(Json.MAPPER.readTree(joined))
                    .isEqualTo(Json.MAPPER.readTree("{\"to\": \"\\n[e-mail]\", \"phone\": \"[number]\","
                            + " \"account\": \"[number]\", \"n\": [1, 2]}"));
        }
    }

    @Test
    void aStreamMayBeCutAnywhere() {
        String stream = delta(0, "joe.doe@example.com") + delta(0, " and 4111 1111 1111 1111 ") + "data: [DONE]\n\n";
        for (int end = 0; end <= stream.length(); end++) {
            assertThat(Redaction.of(stream.substring(0, end)))
                    .doesNotContain("joe.doe@example.com", "4111 1111 1111 1111");
        }
    }

    private static List<JsonNode> events(String stream) throws JsonProcessingException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith("data: {")) {
                events.add(Json.MAPPER.readTree(line.substring(6)));
            }
        }
        return events;
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(9));
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    /** Any JSON, with what is to be hidden in all its corners. */
    private static JsonNode value(Random random, int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(depth == 0 ? 5 : 8)) {
            case 0 -> json.numberNode(random.nextLong());
            case 1 -> json.numberNode(random.nextInt(10_000));
            case 2 -> json.numberNode(random.nextGaussian());
            case 3 -> random.nextBoolean() ? json.nullNode() : json.booleanNode(true);
            case 4 -> json.textNode(text(random, depth));
            case 5 -> {
                ArrayNode list = json.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                ObjectNode object = json.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set("f" + i + (random.nextInt(5) == 0 ? "\"\\" : ""), value(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random, int depth) {
        List<String> parts = new ArrayList<>(HIDDEN);
        parts.addAll(List.of("\n", "\"", "\\", "\t", "é", "\u2028", "😀", " and ", "{", "[1", "data: ", "12", "/"));
        if (depth > 0) {
            parts.add(value(random, depth - 1).toString());
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(i % 2 == 0 ? " " : "\n").append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    /** What is where, whatever the texts and numbers are. */
    private static String shape(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(field -> field.getKey() + ':' + shape(field.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (node.isArray()) {
            StringBuilder list = new StringBuilder("[");
            node.forEach(element -> list.append(shape(element)).append(','));
            return list.append(']').toString();
        }
        return node.isTextual() || node.isNumber() ? "value" : node.toString();
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(below -> texts.addAll(texts(below)));
        return texts;
    }
}
