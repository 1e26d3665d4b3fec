package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.provider.Ask;
import dev.mehari.testing.Shipped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a valid conversation is like, Gemini gets all of it, in order and in a form that it takes. */
class GeminiConversationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final GeminiProtocol PROTOCOL = new GeminiProtocol(new ThoughtSignatures());

    /** A conversation's turns: {@code s}, {@code u}, {@code a}, or a number of calls with their results. */
    @Provide
    Arbitrary<List<String>> turns() {
        return Arbitraries.of("s", "u", "a", "1", "2", "3").list().ofMinSize(1).ofMaxSize(8);
    }

    @Property(tries = 300)
    void everyTextAndEveryCallArrives(@ForAll("turns") List<String> turns, @ForAll String text, @ForAll boolean newest)
            throws IOException {
        List<String> texts = new ArrayList<>();
        byte[] client = JSON.writeValueAsBytes(request(turns, text, texts));
        String model = newest ? "gemini-3-pro-preview" : "gemini-2.5-flash";
        Ask ask = Shipped.ask(Shipped.providers().find("gemini"), model, client);
        JsonNode sent = JSON.readTree(PROTOCOL.encode(ask).request().body());

        List<String> arrived = new ArrayList<>();
        sent.at("/systemInstruction/parts")
                .forEach(part -> arrived.add(part.path("text").asText()));
        JsonNode contents = sent.path("contents");
        contents.findValues("text").forEach(node -> arrived.add(node.asText()));
        assertThat(arrived).filteredOn(texts::contains).containsExactlyElementsOf(texts);
        assertThat(contents.path(0).path("role").asText()).isEqualTo("user");
        for (int i = 0; i < contents.size(); i++) {
            assertThat(contents.path(i).path("parts")).isNotEmpty();
            checkCalls(contents, i, newest);
        }
    }

    /** Calls are followed by a turn with as many results, of the same functions and in their order. */
    private static void checkCalls(JsonNode contents, int turn, boolean newest) {
        List<JsonNode> calls = parts(contents.path(turn), "functionCall");
        if (calls.isEmpty()) {
            return;
        }
        List<JsonNode> results = parts(contents.path(turn + 1), "functionResponse");
        assertThat(results)
                .hasSameSizeAs(calls)
                .hasSameSizeAs(contents.path(turn + 1).path("parts"));
        for (int i = 0; i < calls.size(); i++) {
            assertThat(results.get(i).path("name")).isEqualTo(calls.get(i).path("name"));
            assertThat(results.get(i).at("/response/content"))
                    .isEqualTo(calls.get(i).at("/args/n"));
        }
        boolean signed = contents.path(turn).findValue("thoughtSignature") != null;
        assertThat(signed).isEqualTo(newest);
    }

    private static List<JsonNode> parts(JsonNode content, String kind) {
        List<JsonNode> found = new ArrayList<>();
        content.path("parts").forEach(part -> {
            if (part.has(kind)) {
                found.add(part.path(kind));
            }
        });
        return found;
    }

    private static ObjectNode request(List<String> turns, String text, List<String> texts) {
        ObjectNode request = JSON.createObjectNode().put("model", "m");
        ArrayNode messages = request.putArray("messages");
        int ids = 0;
        for (int turn = 0; turn < turns.size(); turn++) {
            String said = text + "#" + turn;
            switch (turns.get(turn)) {
                case "s" -> messages.addObject().put("role", "system").put("content", said);
                case "u" -> messages.addObject().put("role", "user").put("content", said);
                case "a" -> messages.addObject().put("role", "assistant").put("content", said);
                default -> {
                    addCalls(messages, Integer.parseInt(turns.get(turn)), ids);
                    ids += 3;
                    continue;
                }
            }
            texts.add(said);
        }
        return request;
    }

    private static void addCalls(ArrayNode messages, int count, int firstId) {
        ArrayNode calls =
                messages.addObject().put("role", "assistant").putNull("content").withArray("/tool_calls");
        for (int i = 0; i < count; i++) {
            calls.addObject()
                    .put("id", "call_" + (firstId + i))
                    .put("type", "function")
                    .putObject("function")
                    .put("name", "f" + i % 2)
                    .put("arguments", "{\"n\":\"" + (firstId + i) + "\"}");
        }
        for (int i = count - 1; i >= 0; i--) {
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", "call_" + (firstId + i))
                    .put("content", String.valueOf(firstId + i));
        }
    }
}
