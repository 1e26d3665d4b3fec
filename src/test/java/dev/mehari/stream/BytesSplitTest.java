package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Wherever the network cuts a provider's bytes, the client gets the same ones. */
class BytesSplitTest {
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

    private static String answer(Script script) {
        upstream.answer(script);
        return gateway.chat("{\"model\":\"gpt-4o-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .body();
    }

    private static String plain() {
        StringBuilder body = new StringBuilder();
        Answers.stream("🐪 two humps", "駱駝", "\\u00e9\\ud83d\\ude00")
                .forEach(record -> body.append("data: ").append(record).append("\n\n"));
        return body.toString();
    }

    @Test
    void byteByByteTheClientGetsTheSameBytes() {
        String whole = answer(Script.stream().chunk(plain()).endChunks());
        assertThat(whole).isEqualTo(plain());
        assertThat(answer(Script.stream().cutEvery(1, plain()).endChunks())).isEqualTo(whole);
        assertThat(answer(Script.stream().cutEvery(7, plain()).endChunks())).isEqualTo(whole);
    }

    @Test
    void everyFormOfSseBecomesTheSameBytes() {
        String odd = "\uFEFF: hello\r\n" + plain().replace("\n", "\r\n").replace("data: ", "id: 1\r\ndata:");
        assertThat(answer(Script.stream().chunk(odd).endChunks())).isEqualTo(plain());
        assertThat(answer(Script.stream().cutEvery(1, odd).endChunks())).isEqualTo(plain());
        String bare = plain().replace("\n", "\r").stripTrailing();
        assertThat(answer(Script.stream().cutEvery(1, bare).endChunks())).isEqualTo(plain());
    }

    @Test
    void oneValueOverSeveralDataLinesBecomesOneLine() {
        String several = plain().replace(",\"choices\"", ",\ndata: \"choices\"");
        String expected = plain().replace(",\"choices\"", ", \"choices\"");
        assertThat(answer(Script.stream().cutEvery(1, several).endChunks())).isEqualTo(expected);
    }
}
