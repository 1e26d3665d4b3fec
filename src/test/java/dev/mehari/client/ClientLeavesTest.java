package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream.Request;
import dev.mehari.testing.TwoProviders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A client that leaves costs nothing more: its upstream connection is closed within a second, whatever it waits for. */
@ExtendWith(OutputCaptureExtension.class)
class ClientLeavesTest {
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration IMPATIENT = Duration.ofMillis(400);

    private static TwoProviders providers;

    @BeforeAll
    static void start() {
        providers = TwoProviders.start();
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    @AfterEach
    void theLogKnowsNoError(CapturedOutput output) {
        assertThat(output).doesNotContain("ERROR");
    }

    @AfterEach
    void nobodyElseWasAskedAndNothingIsLeftOpen() {
        assertThat(providers.second().requests()).isEmpty();
        Eventually.holds(
                A_SECOND,
                "all calls are over",
                () -> providers.gateway().bean(CallGate.class).inside() == 0);
    }

    private static void play(Script script) {
        providers.play(script, Script.json(200, Answers.json("second")));
    }

    private static void leave(RawClient client, boolean rudely) {
        if (rudely) {
            client.reset();
        } else {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inTheMiddleOfAStream(boolean rudely) throws InterruptedException {
        play(Script.stream().event(Answers.text("half")).hang());
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true));
        client.head();
        client.chunksUpTo("half");
        leave(client, rudely);
        providers.first().awaitRequest().closed().await(A_SECOND);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beforeTheHeadOfAStream(boolean rudely) throws InterruptedException {
        play(Script.silence());
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true));
        Request asked = providers.first().awaitRequest();
        leave(client, rudely);
        asked.closed().await(A_SECOND);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beforeTheFirstToken(boolean rudely) throws InterruptedException {
        play(Script.stream().event(Answers.role()).hang());
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true));
        Request asked = providers.first().awaitRequest();
        assertThat(client.hearsNothingFor(Duration.ofMillis(100))).isTrue();
        leave(client, rudely);
        asked.closed().await(A_SECOND);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void duringAWholeAnswer(boolean rudely) throws InterruptedException {
        play(new Script().head(200, "application/json", 500).send("{\"id\":").hang());
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", false));
        Request asked = providers.first().awaitRequest();
        assertThat(client.hearsNothingFor(Duration.ofMillis(50))).isTrue();
        leave(client, rudely);
        asked.closed().await(A_SECOND);
    }

    @Test
    void whileItReadsNothingOfAStreamThatFlows() throws InterruptedException {
        AtomicLong written = new AtomicLong();
        String record = "data: " + Answers.text("x".repeat(4000)) + "\n\n";
        byte[] chunk =
                (Integer.toHexString(record.length()) + "\r\n" + record + "\r\n").getBytes(StandardCharsets.UTF_8);
        play(Script.stream().watch().repeat(50_000, chunk, written));
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true));
        client.head();
        Eventually.passes(Duration.ofMillis(300));
        client.reset();
        providers.first().awaitRequest().closed().await(A_SECOND);
    }

    @Test
    void theSdkClosesItsStream() throws InterruptedException {
        play(Script.stream().event(Answers.text("half")).hang());
        try (Sdk client = Sdk.of(providers.gateway())) {
            StreamResponse<ChatCompletionChunk> stream =
                    client.stream(Sdk.ask("pair").build());
            assertThat(stream.stream().findFirst()).isPresent();
            stream.close();
            providers.first().awaitRequest().closed().await(A_SECOND);
        }
    }

    @Test
    void theSdkLosesPatienceBeforeTheFirstToken() throws InterruptedException {
        play(Script.stream().event(Answers.role()).hang());
        try (Sdk client = new Sdk(providers.gateway().url(), "client-key", IMPATIENT)) {
            assertThatThrownBy(() -> client.stream(Sdk.ask("pair").build())).isInstanceOf(OpenAIIoException.class);
            providers.first().awaitRequest().closed().await(A_SECOND);
        }
    }

    @Test
    void theSdkLosesPatienceWithAWholeAnswer() throws InterruptedException {
        play(Script.silence());
        try (Sdk client = new Sdk(providers.gateway().url(), "client-key", IMPATIENT)) {
            assertThatThrownBy(() -> client.create(Sdk.ask("pair").build())).isInstanceOf(OpenAIIoException.class);
            providers.first().awaitRequest().closed().await(A_SECOND);
        }
    }
}
