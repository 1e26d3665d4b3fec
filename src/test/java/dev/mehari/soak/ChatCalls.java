package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ChatStream;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.RawClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Chat calls: such as are answered, as fail, and as are given up. */
final class ChatCalls {
    private static final String CHAT = "/v1/chat/completions";
    private static final String LONG = "a word that takes room ".repeat(60);
    private static final int QUESTIONS_ASKED_AGAIN = 40;

    private final Client client;
    private final Client limited;
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    ChatCalls(Client client, Client limited) {
        this.client = client;
        this.limited = limited;
    }

    /** Answers that came from the cache. */
    long hits() {
        return hits.get();
    }

    /** Calls of the limited key above its limit. */
    long refused() {
        return refused.get();
    }

    static String body(String model, String said, boolean stream, String more) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream + more
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + said + "\"}]}";
    }

    /** What the demo provider makes of it. */
    static String demo(String said) {
        return "This is Mehari's demo provider. You said: \"" + said + "\".";
    }

    static String said(int number) {
        return "question " + number + " of many";
    }

    void whole(int number) throws Exception {
        JsonNode answer = client.json("POST", CHAT, body("demo-delay-2", said(number), false, ""), 200);
        assertThat(text(answer)).isEqualTo(demo(said(number)));
    }

    void stream(int number) throws Exception {
        String said = said(number) + " and then some words more";
        assertThat(joined(client.stream(CHAT, body("demo-delay-60", said, true, ""))))
                .isEqualTo(demo(said));
    }

    void wholeFromUpstream(int number) throws Exception {
        JsonNode answer = client.json("POST", CHAT, body("openai/well", said(number), false, ""), 200);
        assertThat(text(answer)).isEqualTo(SoakUpstream.HEARD + said(number));
    }

    void streamFromUpstream(int number) throws Exception {
        String body = client.stream(CHAT, body("openai/well", said(number), true, ""));
        assertThat(joined(body)).isEqualTo(SoakUpstream.HEARD + said(number) + " ");
    }

    /** The first deployment of the group fails most of the time. */
    void failover(int number) throws Exception {
        if (number % 2 == 0) {
            JsonNode answer = client.json("POST", CHAT, body("pair", said(number), false, ""), 200);
            assertThat(text(answer)).isEqualTo(SoakUpstream.HEARD + said(number));
        } else {
            assertThat(joined(client.stream(CHAT, body("pair", said(number), true, ""))))
                    .isEqualTo(SoakUpstream.HEARD + said(number) + " ");
        }
    }

    /** Some are asked again and again, others once, and those take the room of older ones. */
    void cached(int number) throws Exception {
        String said = number % 2 == 0 ? said(number / 2 % QUESTIONS_ASKED_AGAIN) : LONG + number;
        boolean stream = number % 3 == 0;
        HttpResponse<String> answer = client.post(CHAT, body("demo-delay-2", said, stream, ",\"temperature\":0"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(stream ? joined(answer.body()) : text(ErrorCheck.tree(answer.body())))
                .isEqualTo(demo(said));
        if (answer.headers().firstValue("x-cache").orElse("").equals("HIT")) {
            hits.incrementAndGet();
        }
    }

    void limited(int number) throws Exception {
        HttpResponse<String> answer = limited.post(CHAT, body("demo-delay-2", said(number), false, ""));
        if (answer.statusCode() == 429) {
            ErrorCheck.error(answer, 429);
            refused.incrementAndGet();
        } else {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(text(ErrorCheck.tree(answer.body()))).isEqualTo(demo(said(number)));
        }
    }

    void failing(int number) throws Exception {
        switch (number % 6) {
            case 0 -> refusal(body("demo-error-503", "hi", number % 4 == 0, ""), 503);
            case 1 -> refusal(body("demo-error-429", "hi", false, ""), 429);
            case 2 -> refusal(body("nobody-has-it-" + number, "hi", false, ""), 404);
            case 3 -> refusal("{\"model\":\"demo\",\"messages\":", 400);
            // The first fails at times, and its breaker may be open; it may also be well.
            case 4 -> refusal(body("groq/unwell", "hi", true, ""), 200, 429, 502, 503);
            default -> refusal(body("sambanova/silent", "hi", true, ""), 503, 504);
        }
    }

    private void refusal(String body, Integer... statuses) throws Exception {
        HttpResponse<String> answer = client.post(CHAT, body);
        assertThat(answer.statusCode()).as(answer.body()).isIn((Object[]) statuses);
        if (answer.statusCode() != 200) {
            ErrorCheck.error(answer, answer.statusCode());
        }
    }

    /** A stream that breaks off ends with one error, and never as if it were whole. */
    void cut(int number) throws Exception {
        String model = number % 2 == 0 ? "demo-cut" : "openai/cut";
        String body = client.stream(CHAT, body(model, "one two three four five six", true, ""));
        assertThat(body).doesNotContain("[DONE]");
        assertThat(ChatStream.check(body).getLast().at("/error/message").asText())
                .isNotEmpty();
    }

    /** The client leaves: in the middle of a stream, or before there is a word. */
    void abandoned(int number) {
        boolean stream = number % 3 != 0;
        String model = number % 2 == 0 ? "openai/well" : "demo-delay-60";
        try (RawClient leaving = client.ask(body(model, said(number) + " with a long answer", stream, ""))) {
            if (stream) {
                leaving.head();
                leaving.chunksUpTo("data: ");
            }
            if (ThreadLocalRandom.current().nextBoolean()) {
                leaving.reset();
            }
        }
    }

    private static String text(JsonNode answer) {
        return answer.at("/choices/0/message/content").asText();
    }

    private static String joined(String body) {
        assertThat(body).endsWith("data: [DONE]\n\n");
        List<JsonNode> chunks = ChatStream.check(body);
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
        return text.toString();
    }
}
