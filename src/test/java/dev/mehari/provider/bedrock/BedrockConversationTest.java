package dev.mehari.provider.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mehari.provider.Ask;
import dev.mehari.testing.Shipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a client sends as a conversation, Converse gets one that keeps its rules, with every word in it. */
class BedrockConversationTest {
    private static final BedrockProtocol PROTOCOL = new BedrockProtocol(Shipped.settings());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One message: its role, a word that is found again, and the ids of the calls it makes or answers. */
    record Said(String role, String word, List<Integer> ids) {
        String json() {
            return switch (role) {
                case "assistant" ->
                    "{\"role\":\"assistant\",\"content\":\"" + word + "\",\"tool_calls\":[" + calls() + "]}";
                case "tool" ->
                    "{\"role\":\"tool\",\"tool_call_id\":\"call_" + (ids.isEmpty() ? 9 : ids.getFirst())
                            + "\",\"content\":\"" + word + "\"}";
                default -> "{\"role\":\"" + role + "\",\"content\":\"" + word + "\"}";
            };
        }

        private String calls() {
            List<String> calls = new ArrayList<>();
            for (int id : new TreeSet<>(ids)) {
                calls.add("{\"id\":\"call_" + id
                        + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
            }
            return String.join(",", calls);
        }
    }

    @Provide
    Arbitrary<List<Said>> conversations() {
        Arbitrary<String> role = Arbitraries.of("system", "user", "assistant", "tool");
        Arbitrary<String> word = Arbitraries.of("", "  ", "alpha", "beta", "gamma");
        Arbitrary<List<Integer>> ids =
                Arbitraries.integers().between(1, 3).list().ofMaxSize(2);
        return net.jqwik.api.Combinators.combine(role, word, ids)
                .as(Said::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(9);
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of(
                "us.anthropic.claude-opus-4-8-v1:0",
                "anthropic.claude-3-haiku-20240307-v1:0",
                "us.amazon.nova-pro-v1:0",
                "mistral.mistral-7b-instruct-v0:2",
                "mistral.mistral-large-2407-v1:0");
    }

    @Property(tries = 500)
    void itKeepsTheRules(@ForAll("conversations") List<Said> said, @ForAll("models") String model) {
        JsonNode sent = encode(said, model);
        JsonNode messages = sent.path("messages");
        assertThat(messages.at("/0/role").asText()).isEqualTo("user");
        String before = "";
        Set<String> open = new TreeSet<>();
        boolean anyCall = false;
        for (JsonNode message : messages) {
            String role = message.path("role").asText();
            assertThat(role).isNotEqualTo(before);
            assertThat(message.path("content")).isNotEmpty();
            if (role.equals("user")) {
                Set<String> answered = new TreeSet<>();
                boolean results = true;
                for (JsonNode block : message.path("content")) {
                    assertThat(block.size()).isEqualTo(1);
                    assertThat(block.path("text").asText("x")).isNotBlank();
                    if (block.has("toolResult")) {
                        assertThat(results).as("results come first").isTrue();
                        assertThat(answered.add(
                                        block.at("/toolResult/toolUseId").asText()))
                                .isTrue();
                    }
                    results &= block.has("toolResult");
                }
                assertThat(answered).isEqualTo(open);
                open.clear();
            } else if (role.equals("assistant")) {
                for (JsonNode block : message.path("content")) {
                    if (block.has("toolUse")) {
                        anyCall = true;
                        open.add(block.at("/toolUse/toolUseId").asText());
                    }
                }
            }
            before = role;
        }
        assertThat(sent.path("toolConfig").isMissingNode()).isEqualTo(!anyCall);
    }

    @Property(tries = 300)
    void itKeepsEveryWord(@ForAll("conversations") List<Said> said, @ForAll("models") String model) {
        String sent = encode(said, model).toString();
        for (Said one : said) {
            // Of two results of one call the last counts.
            if (!one.word().isBlank() && !one.role().equals("tool")) {
                assertThat(sent).contains(one.word());
            }
        }
    }

    private static JsonNode encode(List<Said> said, String model) {
        String json = "{\"model\":\"m\",\"messages\":["
                + String.join(",", said.stream().map(Said::json).toList()) + "]}";
        Ask ask = Shipped.ask(Shipped.providers().find("bedrock"), model, json);
        try {
            return JSON.readTree(PROTOCOL.encode(ask).request().body());
        } catch (IOException noJson) {
            throw new UncheckedIOException(noJson);
        }
    }
}
