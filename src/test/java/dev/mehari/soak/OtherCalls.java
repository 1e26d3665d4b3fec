package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.MessagesStream;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.ResponsesStream;
import java.util.List;

/** Calls at the other doors: conversations, messages, embeddings, keys that come and go, and who watches. */
final class OtherCalls {
    private static final int BEATS_WATCHED = 4;

    private final Client client;
    private final Client admin;

    OtherCalls(Client client, Client admin) {
        this.client = client;
        this.admin = admin;
    }

    /** Two turns, the second streamed; the client deletes one of them, and time the other. */
    void conversation(int number) throws Exception {
        String first = ChatCalls.said(number);
        JsonNode turn = client.json("POST", "/v1/responses", response(first, null, false), 200);
        assertThat(turn.at("/output/0/content/0/text").asText()).isEqualTo(ChatCalls.demo(first));
        String second = first + ", once more";
        List<JsonNode> events = ResponsesStream.check(
                client.stream("/v1/responses", response(second, turn.path("id").asText(), true)));
        JsonNode whole = events.getLast().path("response");
        assertThat(whole.at("/output/0/content/0/text").asText()).isEqualTo(ChatCalls.demo(second));
        String kept = "/v1/responses/" + whole.path("id").asText();
        assertThat(client.json("GET", kept, null, 200).path("output")).isEqualTo(whole.path("output"));
        client.json("DELETE", kept, null, 200);
        client.json("GET", kept, null, 404);
    }

    private static String response(String said, String previous, boolean stream) {
        return "{\"model\":\"demo-delay-2\",\"store\":true,\"stream\":" + stream + ",\"input\":\"" + said + "\""
                + (previous == null ? "" : ",\"previous_response_id\":\"" + previous + "\"") + "}";
    }

    void messages(int number) throws Exception {
        String said = ChatCalls.said(number);
        boolean stream = number % 2 == 0;
        String body = ChatCalls.body("demo-delay-2", said, stream, ",\"max_tokens\":1000");
        if (!stream) {
            JsonNode answer = client.json("POST", "/v1/messages", body, 200);
            assertThat(answer.at("/content/0/text").asText()).isEqualTo(ChatCalls.demo(said));
            return;
        }
        StringBuilder text = new StringBuilder();
        MessagesStream.check(client.stream("/v1/messages", body))
                .forEach(event -> text.append(event.at("/delta/text").asText("")));
        assertThat(text).hasToString(ChatCalls.demo(said));
    }

    void embeddings(int number) throws Exception {
        JsonNode answer = client.json(
                "POST",
                "/v1/embeddings",
                "{\"model\":\"demo\",\"input\":[\"same words\",\"same words\",\"" + ChatCalls.said(number) + "\"]}",
                200);
        assertThat(answer.path("data")).hasSize(3);
        assertThat(answer.at("/data/0/embedding")).hasSize(256).isEqualTo(answer.at("/data/1/embedding"));
    }

    /** A key is handed out, used, and taken back. */
    void issuedKey(int number) throws Exception {
        JsonNode issued =
                admin.json("POST", "/admin/keys", "{\"name\":\"soak-" + number + "\",\"rpm\":100,\"tpm\":100000}", 201);
        String chat = ChatCalls.body("demo-delay-2", "hi", false, "");
        try (Client its = client.with(issued.path("key").asText())) {
            its.json("POST", "/v1/chat/completions", chat, 200);
            admin.send("DELETE", "/admin/keys/" + issued.path("id").asText(), null);
            its.json("POST", "/v1/chat/completions", chat, 401);
        }
    }

    /** The dashboard is opened, looked at for some seconds, and closed. */
    void watcher(int number) {
        try (RawClient page = admin.open("/dashboard/events")) {
            assertThat(page.head()).startsWith("http/1.1 200 ");
            for (int beat = 0; beat < BEATS_WATCHED; beat++) {
                page.chunksUpTo("event: pulse");
            }
        }
    }

    void lookUp(int number) throws Exception {
        // Rows come a moment after their calls.
        assertThat(admin.json("GET", "/admin/requests?limit=50", null, 200).has("data"))
                .isTrue();
        assertThat(admin.json("GET", "/stats", null, 200).path("groups")).isNotEmpty();
        admin.json("GET", "/metrics/latency", null, 200);
        admin.json("GET", "/admin/metrics/series?window=1h&by=model", null, 200);
        client.json("GET", "/v1/models", null, 200);
    }
}
