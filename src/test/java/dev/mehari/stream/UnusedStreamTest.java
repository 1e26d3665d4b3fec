package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route that breaks while a stream is open leaves a stream that nobody will read. */
class UnusedStreamTest {
    @Test
    void itsUpstreamConnectionIsClosed(@TempDir Path routes) throws InterruptedException {
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                Gateway gateway =
                        Gateway.before(upstream, RoutesFolder.edited(routes, "ref: formatSse", "ref: formatJson"))) {
            upstream.answer(Script.stream().event(Answers.text("unread")).hang());
            assertThat(gateway.chat(Answers.ask("gpt-4o-mini", true)).statusCode())
                    .isEqualTo(500);
            upstream.awaitRequest().closed().await(Duration.ofSeconds(5));
        }
    }
}
