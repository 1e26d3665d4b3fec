package dev.mehari.edge;

import dev.mehari.cache.StoredAnswer;
import dev.mehari.call.Attempt;
import dev.mehari.call.Call;
import dev.mehari.call.Recall;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Message;

/** What an answer says about how it came about. */
final class AnswerHeaders {
    private AnswerHeaders() {}

    static void set(Message out, Call call) {
        call.answerHeaders().forEach(header -> out.setHeader(header.getKey(), header.getValue()));
        Recall recall = call.recall();
        if (recall != null) {
            cache(out, recall);
        }
        if (recall != null && call.wasRecalled()) {
            recalled(out, call, recall);
        } else {
            attempted(out, call);
        }
    }

    private static void cache(Message out, Recall recall) {
        out.setHeader("x-cache", recall.verdict().name());
        String key = recall.key();
        if (key != null) {
            out.setHeader("x-cache-key", key);
        }
        Duration age = recall.age();
        if (age != null) {
            // RFC 9111, 5.1: whole seconds since the answer was given.
            out.setHeader("age", Long.toString(age.toSeconds()));
        }
    }

    /** Of who has given the answer that is given again. */
    private static void recalled(Message out, Call call, Recall recall) {
        StoredAnswer.Origin origin = recall.origin();
        if (origin != null) {
            out.setHeader("x-mehari-provider", origin.provider());
            out.setHeader("x-mehari-model", Printable.of(origin.model()));
            dropped(out, call, origin.dropped());
        }
    }

    private static void attempted(Message out, Call call) {
        Attempt attempt = call.attempt();
        out.setHeader("x-mehari-provider", attempt.ask().provider().name());
        out.setHeader("x-mehari-model", Printable.of(attempt.ask().model()));
        if (call.attempts().size() > 1) {
            out.setHeader("x-mehari-attempts", Integer.toString(call.attempts().size()));
        }
        dropped(out, call, attempt.dropped());
    }

    private static void dropped(Message out, Call call, List<String> fields) {
        if (!fields.isEmpty()) {
            out.setHeader(
                    "x-mehari-dropped-params",
                    Printable.of(String.join(", ", call.dialect().fields().named(fields))));
        }
    }
}
