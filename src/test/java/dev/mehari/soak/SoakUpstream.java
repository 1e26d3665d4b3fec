package dev.mehari.soak;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider of every temper, by the name of the model that it is asked for. */
final class SoakUpstream {
    static final String HEARD = "The upstream heard: ";
    private static final Duration BETWEEN_WORDS = Duration.ofMillis(20);
    private static final AtomicInteger TIMES_UNWELL = new AtomicInteger();

    private SoakUpstream() {}

    static ScriptedUpstream start() {
        return new ScriptedUpstream().answer(SoakUpstream::script);
    }

    private static Script script(Request request) {
        return switch (request.json().path("model").asText()) {
            case "well" -> well(request);
            case "unwell" -> unwell(request);
            case "cut" ->
                Script.stream()
                        .event(Answers.role())
                        .event(Answers.text("one "))
                        .event(Answers.text("two "))
                        .pause(BETWEEN_WORDS)
                        .reset();
            case "silent" -> Script.silence();
            default -> Script.json(404, Answers.error("no such model", "invalid_request_error", "model_not_found"));
        };
    }

    private static Script well(Request request) {
        String answer = HEARD + request.json().at("/messages/0/content").asText();
        if (!request.json().path("stream").asBoolean()) {
            return Script.json(200, Answers.json(answer));
        }
        Script script = Script.stream().event(Answers.role());
        for (String word : answer.split(" ")) {
            script.event(Answers.text(word + " ")).pause(BETWEEN_WORDS);
        }
        return script.event(Answers.finish())
                .event(Answers.usage())
                .event("[DONE]")
                .endChunks();
    }

    /** Never the same twice. */
    private static Script unwell(Request request) {
        return switch (TIMES_UNWELL.getAndIncrement() % 5) {
            case 0 -> Script.json(503, Answers.error("down for a moment", "server_error", null));
            case 1 -> new Script().reset();
            case 2 ->
                Script.json(429, Answers.error("too many", "requests", "rate_limit_exceeded"), "retry-after", "1");
            case 3 ->
                new Script()
                        .send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                                + "transfer-encoding: chunked\r\n\r\n")
                        .event(Answers.error("no room", "server_error", "overloaded"))
                        .close();
            default -> well(request);
        };
    }
}
