package dev.mehari.edge;

import dev.mehari.cache.StoredAnswer;
import dev.mehari.call.Attempt;
import dev.mehari.call.Call;
import dev.mehari.call.Recall;
import dev.mehari.provider.Ask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/** What an answer says about how it came about. */
@Component
final class AnswerHeaders {
    private final AnswerTimes times;

    AnswerHeaders(AnswerTimes times) {
        this.times = times;
    }

    void set(Message out, Call call) {
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
    private void recalled(Message out, Call call, Recall recall) {
        StoredAnswer.Origin origin = recall.origin();
        if (origin != null) {
            if (times.areTold()) {
                out.setHeader("x-mehari-provider", origin.provider());
                out.setHeader("x-mehari-model", Printable.of(origin.model()));
                // Nobody was asked.
                out.setHeader("x-mehari-attempts", "0");
                times.of(call).forEach(time -> out.setHeader(time.getKey(), time.getValue()));
            }
            dropped(out, call, origin.dropped());
        }
    }

    private void attempted(Message out, Call call) {
        Attempt attempt = call.attempts().latest();
        served(call).forEach(header -> out.setHeader(header.getKey(), header.getValue()));
        dropped(out, call, attempt.request().dropped());
    }

    /** Of who was asked last, how often somebody was, and how long it took: also for answers that are errors. */
    List<Map.Entry<String, String>> served(Call call) {
        if (call.attempts().isEmpty() || !times.areTold()) {
            return List.of();
        }
        Ask ask = call.attempts().latest().ask();
        List<Map.Entry<String, String>> headers = new ArrayList<>(6);
        headers.add(Map.entry("x-mehari-provider", ask.provider().name()));
        headers.add(Map.entry("x-mehari-model", Printable.of(ask.model())));
        headers.add(
                Map.entry("x-mehari-attempts", Integer.toString(call.attempts().count())));
        headers.addAll(times.of(call));
        return headers;
    }

    private static void dropped(Message out, Call call, List<String> fields) {
        if (!fields.isEmpty()) {
            out.setHeader(
                    "x-mehari-dropped-params",
                    Printable.of(String.join(", ", call.dialect().fields().named(fields))));
        }
    }
}
