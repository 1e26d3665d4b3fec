package dev.mehari.edge;

import dev.mehari.call.Attempt;
import dev.mehari.call.Call;
import org.apache.camel.Message;

/** What an answer says about how it came about. */
final class AnswerHeaders {
    private AnswerHeaders() {}

    static void set(Message out, Call call) {
        Attempt attempt = call.attempt();
        out.setHeader("x-mehari-provider", attempt.ask().provider().name());
        out.setHeader("x-mehari-model", Printable.of(attempt.ask().model()));
        if (call.attempts().size() > 1) {
            out.setHeader("x-mehari-attempts", Integer.toString(call.attempts().size()));
        }
        if (!attempt.dropped().isEmpty()) {
            out.setHeader(
                    "x-mehari-dropped-params",
                    Printable.of(String.join(", ", call.dialect().fields().named(attempt.dropped()))));
        }
    }
}
