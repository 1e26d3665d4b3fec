package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams through the whole gateway, from a provider's socket to a client's. */
class StreamingTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void aStreamPassesRecordByRecord() {
        upstream.answer(Script.events(Answers.stream("Hel", "lo")));
        HttpResponse<String> answer = gateway.chat(Answers.ask("gpt-4o-mini", true));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").contains("\"Hel\"", "\"lo\"");
        assertThat(upstream.last().body()).contains("\"stream_options\":{\"include_usage\":true}");
        assertThat(answer.body()).doesNotContain("usage");
    }
}
