package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.RawHttp.Reply;
import dev.mehari.testing.RoutesFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer carries the headers that the route has set, and none of the client's. */
class RouteHeadersTest {
    private static final String STEP = "        - to:\n            description: Which provider serves this model\n";

    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path routes) {
        gateway = Gateway.start(RoutesFolder.edited(routes, STEP, """
                        - setHeader:
                            name: x-asked
                            expression:
                              simple:
                                expression: ${exchangeProperty.model}
                """ + STEP));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static byte[] ask(String model, boolean stream) {
        return Answers.ask(model, stream).getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheClientSendsTwiceDoesNotComeBack(boolean stream) {
        Reply answer = RawHttp.chat(
                gateway,
                ask("demo", stream),
                "content-type",
                "application/json",
                "content-type",
                "application/json",
                "x-mine",
                "a",
                "x-mine",
                "b",
                "x-request-id",
                "first",
                "x-request-id",
                "not harmless");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type"))
                .isEqualTo(stream ? "text/event-stream; charset=utf-8" : "application/json");
        assertThat(answer.header("x-mine")).isNull();
        assertThat(answer.header("x-request-id")).isEqualTo("first");
        assertThat(answer.header("x-asked")).isEqualTo("demo");
    }

    @Test
    void aHeaderThatHttpForbidsDoesNotHoldUpTheAnswer() {
        Reply answer = RawHttp.chat(gateway, ask("demo/a\\nb", false), "content-type", "application/json");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-asked")).isNull();
        assertThat(answer.header("x-mehari-provider")).isEqualTo("demo");
    }
}
