package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers list themselves, and providers that list too much. */
@Timeout(60)
class LiveModelsTest {
    private static final byte[] SPACES = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ScriptedUpstream openai;
    private static ScriptedUpstream groq;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        openai = new ScriptedUpstream();
        groq = new ScriptedUpstream();
        gateway = Gateway.before(
                openai, "mehari.providers.groq.base-url=" + groq.url(), "mehari.providers.groq.api-key=groq-key");
        openai.answer(Script.json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"of-openai\",\"object\":\"model\"}]}"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        openai.close();
        groq.close();
    }

    private static List<String> listed() {
        HttpResponse<String> answer = gateway.get("/v1/models?upstream=true");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        for (JsonNode model : ErrorCheck.tree(answer.body()).path("data")) {
            ids.add(model.path("id").asText());
        }
        return ids;
    }

    private static byte[] packed(int times) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write("{\"data\":[{\"id\":\"of-groq\"}]".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < times; i++) {
                gzip.write(SPACES);
            }
            gzip.write('}');
        }
        return out.toByteArray();
    }

    private static Script gzip(byte[] body) {
        return new Script()
                .head(200, "application/json", body.length, "content-encoding", "gzip")
                .send(body);
    }

    @Test
    void aListInACompressionNobodyAskedForIsReadWhileItIsSmall() throws IOException {
        groq.answer(gzip(packed(1)));
        assertThat(listed()).contains("of-openai", "of-groq");
        assertThat(groq.last().header("accept-encoding")).isEqualTo("identity");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void oneThatIsSmallOnlyWhilePackedIsLeftOutAndItsConnectionClosed(int status) throws IOException {
        byte[] bomb = packed(16_000);
        assertThat(bomb.length).isLessThan(BoundedLists.MOST_BYTES);
        groq.answer(new Script()
                .head(status, "application/json", bomb.length, "content-encoding", "gzip")
                .send(bomb)
                .hang());
        assertThat(listed()).contains("of-openai").doesNotContain("of-groq");
        groq.last().closed().await(SOON);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void oneWithoutAnEndIsLeftOutAndItsConnectionClosed(int status) {
        AtomicLong written = new AtomicLong();
        groq.answer(
                new Script().head(status, "application/json", Integer.MAX_VALUE).repeat(30_000, SPACES, written));
        assertThat(listed()).contains("of-openai").doesNotContain("of-groq");
        groq.last().closed().await(SOON);
        assertThat(written.get()).isLessThan(30_000L * SPACES.length);
    }

    @Test
    void oneThatComesDropByDropIsCutOff() {
        Script drops = new Script().head(200, "application/json", 1_000_000);
        for (int i = 0; i < 200; i++) {
            drops.send(" ").pause(Duration.ofMillis(500));
        }
        groq.answer(drops);
        assertThat(listed()).contains("of-openai").doesNotContain("of-groq");
        groq.last().closed().await(SOON);
    }
}
