package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever order a client's messages have, Anthropic's rules hold for what is sent, and no word is lost. */
class AnthropicShapeProperties {
    private static final Claude CLAUDE = Claude.shipped();

    @Provide
    Arbitrary<List<ObjectNode>> conversations() {
        Arbitrary<String> text = Arbitraries.of("", "  ", "one", "two words", "🐪", "\"quoted\"\n", "<system>");
        Arbitrary<String> id = Arbitraries.of("call_1", "call_2", "odd id/ü", "x".repeat(80));
        Arbitrary<ObjectNode> said = Combinators.combine(
                        Arbitraries.of("system", "developer", "user", "assistant"), text)
                .as((role, words) -> message(role).put("content", words));
        Arbitrary<ObjectNode> result = Combinators.combine(id, text)
                .as((call, words) -> message("tool").put("tool_call_id", call).put("content", words));
        Arbitrary<ObjectNode> calls = Combinators.combine(
                        id.list().ofMinSize(1).ofMaxSize(3).uniqueElements(),
                        text,
                        Arbitraries.of("{}", "", "{\"a\" : 1.0}", "[1]", "{\"cut\":"))
                .as(AnthropicShapeProperties::calling);
        return Arbitraries.oneOf(said, result, calls).list().ofMinSize(1).ofMaxSize(12);
    }

    private static ObjectNode message(String role) {
        return Json.MAPPER.createObjectNode().put("role", role);
    }

    private static ObjectNode calling(List<String> ids, String words, String arguments) {
        ObjectNode message = message("assistant").put("content", words);
        ArrayNode calls = message.putArray("tool_calls");
        for (String id : ids) {
            calls.addObject()
                    .put("id", id)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", "some.tool")
                    .put("arguments", arguments);
        }
        return message;
    }

    @Property(tries = 2000)
    void anthropicsRulesHold(@ForAll("conversations") List<ObjectNode> messages) {
        for (String model : List.of("claude-sonnet-4-5", "claude-opus-4-8")) {
            JsonNode sent = CLAUDE.sent(model, "\"messages\":" + Json.text(list(messages)));
            rolesAlternate(sent.path("messages"));
            everyCallIsAnsweredInTheNextTurn(sent.path("messages"));
            nothingIsBlank(sent);
            noWordIsLost(messages, sent);
        }
    }

    private static ArrayNode list(List<ObjectNode> messages) {
        return Json.MAPPER.createArrayNode().addAll(messages);
    }

    private static void rolesAlternate(JsonNode turns) {
        String before = "";
        for (JsonNode turn : turns) {
            String role = turn.path("role").textValue();
            switch (role) {
                case "user" -> assertThat(before).isIn("", "assistant");
                case "assistant" -> assertThat(before).isIn("user", "system");
                default -> assertThat(before).isEqualTo("user");
            }
            before = role;
        }
        assertThat(turns.path(0).path("role").textValue()).isEqualTo("user");
    }

    private static void everyCallIsAnsweredInTheNextTurn(JsonNode turns) {
        List<String> open = List.of();
        Set<String> ids = new HashSet<>();
        for (JsonNode turn : turns) {
            List<String> answers = new ArrayList<>();
            List<String> calls = new ArrayList<>();
            boolean afterText = false;
            for (JsonNode block : turn.path("content")) {
                switch (block.path("type").textValue()) {
                    case "tool_result" -> {
                        assertThat(afterText).as("results come first").isFalse();
                        answers.add(block.path("tool_use_id").textValue());
                    }
                    case "tool_use" -> {
                        calls.add(block.path("id").textValue());
                        assertThat(block.path("id").textValue()).matches("[A-Za-z0-9_-]{1,64}");
                        assertThat(ids.add(block.path("id").textValue())).isTrue();
                        assertThat(block.path("name").textValue()).matches("[A-Za-z0-9_-]{1,64}");
                        assertThat(block.path("input").isObject()).isTrue();
                    }
                    default -> afterText = true;
                }
            }
            assertThat(answers).isEqualTo(open);
            open = calls;
        }
        assertThat(open).isEmpty();
    }

    private static void nothingIsBlank(JsonNode sent) {
        for (JsonNode turn : sent.path("messages")) {
            assertThat(turn.path("content")).isNotEmpty();
            for (JsonNode block : turn.path("content")) {
                if (block.path("type").textValue().equals("text")) {
                    assertThat(block.path("text").textValue()).isNotBlank();
                }
            }
        }
        for (JsonNode block : sent.path("system")) {
            assertThat(block.path("text").textValue()).isNotBlank();
        }
    }

    /** Of several results of one call the last counts; all other words reach Claude. */
    private static void noWordIsLost(List<ObjectNode> messages, JsonNode sent) {
        String all = Json.text(sent);
        Set<String> answered = new HashSet<>();
        for (ObjectNode message : messages.reversed()) {
            String words = message.path("content").asText();
            boolean repeated = message.path("role").textValue().equals("tool")
                    && !answered.add(message.path("tool_call_id").textValue());
            if (!words.isBlank() && !repeated) {
                assertThat(all).contains(Json.quoted(words.strip()).replaceAll("^\"|\"$", ""));
            }
        }
    }
}
