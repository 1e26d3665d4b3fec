package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.RequestField;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.dialect.messages.MessagesDialect;
import dev.mehari.dialect.responses.ResponsesDialect;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.FieldSamples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests have one answer, and which do not. */
class CanonicalChatTest {
    /** What a chat cannot ask for: other APIs can, and their readers have the same hub. */
    private static final Set<RequestField> NOT_IN_CHAT = Set.of(RequestField.DOCUMENT_URL);

    private static final String PLAIN = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @ParameterizedTest
    @EnumSource(RequestField.class)
    void everyFieldEitherChangesTheKeyOrIsSaidNotTo(RequestField field) {
        if (NOT_IN_CHAT.contains(field)) {
            return;
        }
        String with = FieldSamples.request(field, "m");
        String without = without(field);
        assertThat(field.isIn(request(with))).isTrue();
        if (CanonicalChat.IGNORED.contains(field)) {
            assertThat(key(with)).isEqualTo(key(without));
        } else {
            assertThat(key(with)).isNotEqualTo(key(without));
        }
    }

    /** The request of a sample without its field, where that is more than the plain one. */
    private static String without(RequestField field) {
        return switch (field) {
            case CACHE_MARK -> PLAIN.replace("\"hi\"", "[{\"type\":\"text\",\"text\":\"hi\"}]");
            case REASONING_SIGNATURE ->
                FieldSamples.request(field, "m").replace(",\"signature\":\"c2ln\"", ",\"signature\":null");
            case IMAGE_DETAIL -> FieldSamples.request(RequestField.IMAGE, "m");
            case DOCUMENT_NAME -> FieldSamples.request(RequestField.DOCUMENT, "m");
            case STRICT_TOOLS -> FieldSamples.request(RequestField.TOOLS, "m");
            case TOOL_RESULT_ERROR -> FieldSamples.request(field, "m").replace(",\"is_error\":true", "");
            case TOP_LOGPROBS -> FieldSamples.request(RequestField.LOGPROBS, "m");
            case TOOL_CHOICE, ALLOWED_TOOLS, PARALLEL_TOOL_CALLS -> FieldSamples.request(RequestField.TOOLS, "m");
            default -> PLAIN;
        };
    }

    @Test
    void noTwoSamplesShareAKey() {
        Map<CacheKey, RequestField> seen = new HashMap<>();
        for (RequestField field : RequestField.values()) {
            // Two samples of the same conversation with a tool: of calls and of their results.
            boolean same = field == RequestField.TOOL_RESULTS;
            if (!same && !NOT_IN_CHAT.contains(field) && !CanonicalChat.IGNORED.contains(field)) {
                assertThat(seen.put(key(FieldSamples.request(field, "m")), field))
                        .as(field.name())
                        .isNull();
            }
        }
    }

    @Property(tries = 100)
    void theOrderOfFieldsDoesNotMatter(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        for (RequestField field : RequestField.values()) {
            if (!NOT_IN_CHAT.contains(field)) {
                String request = FieldSamples.request(field, "m");
                assertThat(key(shuffled(ErrorCheck.tree(request), random).toString()))
                        .as(field.name())
                        .isEqualTo(key(request));
            }
        }
    }

    private static JsonNode shuffled(JsonNode node, Random random) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            array.forEach(element -> copy.add(shuffled(element, random)));
            return copy;
        }
        if (node instanceof ObjectNode object) {
            List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
            Collections.shuffle(fields, random);
            ObjectNode copy = Json.MAPPER.createObjectNode();
            fields.forEach(field -> copy.set(field.getKey(), shuffled(field.getValue(), random)));
            return copy;
        }
        return node;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"stream\":true",
                "\"stream_options\":{\"include_usage\":true}",
                "\"user\":\"ann\"",
                "\"n\":1",
                "\"tool_choice\":\"auto\"",
                "\"presence_penalty\":0",
                "\"logprobs\":false",
                "\"stop\":null",
                "\"response_format\":{\"type\":\"text\"}",
                "\"call\":{\"id\":\"vapi\"}",
                "\"customer\":{}",
                "\"metadata\":{\"a\":{\"b\":1}}",
                "\"cache\":{\"ttl\":1}",
                "\"api_key\":\"x\""
            })
    void whatChangesNoAnswerChangesNoKey(String field) {
        assertThat(key(with(field))).isEqualTo(key(PLAIN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"min_p\":0.1", "\"logit_bias\":{\"1\":2}", "\"web_search_options\":{}",
                        "\"prediction\":{\"content\":\"x\"}",
                "\"repetition_penalty\":1.1", "\"provider\":{\"order\":[\"a\"]}", "\"seed\":0", "\"temperature\":0"
            })
    void alsoWhatTheHubHasNoNameForChangesTheKey(String field) {
        assertThat(key(with(field))).isNotEqualTo(key(PLAIN));
    }

    @Test
    void numbersCountByTheirValue() {
        assertThat(key(with("\"temperature\":0"))).isEqualTo(key(with("\"temperature\":0.0")));
        assertThat(key(with("\"top_p\":0.50"))).isEqualTo(key(with("\"top_p\":5e-1")));
        assertThat(key(with("\"min_p\":1.0"))).isEqualTo(key(with("\"min_p\":1")));
    }

    @Test
    void theOrderOfASchemasPropertiesCountsAsModelsWriteThemInIt() {
        String schema = "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":"
                + "{\"type\":\"object\",\"properties\":{%s}}}}";
        String one = with(schema.formatted("\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}"));
        String other = with(schema.formatted("\"b\":{\"type\":\"string\"},\"a\":{\"type\":\"string\"}"));
        assertThat(key(one)).isNotEqualTo(key(other));
    }

    @Test
    void idsOfCallsDoNotCountButWhichResultIsWhosDoes() {
        String calls = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                + "{\"role\":\"assistant\",\"tool_calls\":["
                + "{\"id\":\"A\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                + "{\"id\":\"B\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"A\",\"content\":\"1\"},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"B\",\"content\":\"2\"}]}";
        assertThat(key(calls.replace("\"A\"", "\"call_x\"").replace("\"B\"", "\"call_y\"")))
                .isEqualTo(key(calls));
        assertThat(key(calls.replace("\"tool_call_id\":\"A\"", "\"tool_call_id\":\"C\"")
                        .replace("\"tool_call_id\":\"B\"", "\"tool_call_id\":\"A\"")
                        .replace("\"tool_call_id\":\"C\"", "\"tool_call_id\":\"B\"")))
                .isNotEqualTo(key(calls));
    }

    @Test
    void textThatRunsTogetherIsNotTheSame() {
        String two =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}";
        String one = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"ab\"}]}";
        assertThat(key(two)).isNotEqualTo(key(one));
        assertThat(key(PLAIN.replace("hi", "\\ud83d"))).isNotEqualTo(key(PLAIN.replace("hi", "\\ud83e")));
    }

    @Test
    void tenantModelAndHeadersCount() {
        ChatRequest request = request(PLAIN);
        List<CacheKey> keys = Stream.of(
                        CanonicalChat.key(null, "a", List.of(), request, field -> false),
                        CanonicalChat.key("", "a", List.of(), request, field -> false),
                        CanonicalChat.key("t", "a", List.of(), request, field -> false),
                        CanonicalChat.key(null, "b", List.of(), request, field -> false),
                        CanonicalChat.key(null, "a", List.of("anthropic-beta", "x"), request, field -> false))
                .toList();
        assertThat(Set.copyOf(keys)).hasSize(5);
    }

    @Test
    void theSameQuestionByAnotherApiHasTheSameKey() {
        String tool = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";
        CacheKey chat =
                key("{\"model\":\"m\",\"temperature\":0,\"top_p\":0.9,\"max_completion_tokens\":50,\"messages\":["
                        + "{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"ho\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"weather\"}]}],"
                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"w\",\"description\":\"d\",\"parameters\":"
                        + tool
                        + "}}],\"tool_choice\":\"required\"}");
        CacheKey messages = key(new MessagesDialect()
                .read(
                        bytes(
                                "{\"model\":\"x\",\"max_tokens\":50,\"temperature\":0,\"top_p\":0.9,\"system\":\"be brief\","
                                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"ho\"},"
                                        + "{\"role\":\"user\",\"content\":\"weather\"}],"
                                        + "\"tool_choice\":{\"type\":\"any\"},\"tools\":[{\"name\":\"w\",\"description\":\"d\",\"input_schema\":"
                                        + tool + "}]}"),
                        false)
                .request()
                .get());
        CacheKey responses = key(new ResponsesDialect()
                .read(
                        bytes(
                                "{\"model\":\"y\",\"max_output_tokens\":50,\"temperature\":0,\"top_p\":0.9,\"instructions\":\"be brief\","
                                        + "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"ho\"},"
                                        + "{\"role\":\"user\",\"content\":\"weather\"}],\"tool_choice\":\"required\","
                                        + "\"tools\":[{\"type\":\"function\",\"name\":\"w\",\"description\":\"d\",\"strict\":null,\"parameters\":"
                                        + tool + "}]}"),
                        false)
                .request()
                .get());
        assertThat(messages).isEqualTo(chat);
        assertThat(responses).isEqualTo(chat);
    }

    private static String with(String field) {
        return PLAIN.substring(0, PLAIN.length() - 1) + "," + field + "}";
    }

    private static CacheKey key(String chat) {
        return key(request(chat));
    }

    private static CacheKey key(ChatRequest request) {
        Set<String> ignored = Set.of("cache", "metadata", "call", "customer", "api_key");
        return CanonicalChat.key(null, "m", List.of(), request, ignored::contains);
    }

    private static ChatRequest request(String chat) {
        return new ChatDialect().read(bytes(chat), false).request().get();
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
