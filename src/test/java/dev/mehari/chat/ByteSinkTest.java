package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ByteSinkTest {
    @Test
    void everyWayToWriteAppends() {
        ByteSink sink = new ByteSink(0);
        sink.write('a').write("é🐪").write(new byte[] {'b', 'c'}).write(new byte[] {'x', 'd', 'x'}, 1, 1);
        assertThat(new String(sink.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("aé🐪bcd");
        assertThat(sink.length()).isEqualTo(10);
    }

    @Test
    void takenBytesAreNoLongerTheSinks() {
        for (int capacity : new int[] {3, 8}) {
            ByteSink sink = new ByteSink(capacity);
            byte[] taken = sink.write("abc").take();
            sink.write("xyz");
            assertThat(taken).asString().isEqualTo("abc");
            assertThat(sink.toByteArray()).asString().isEqualTo("xyz");
        }
    }

    @Test
    void aClearedSinkIsEmptyAndGivesALargeArrayBack() {
        ByteSink sink = new ByteSink(16).write(new byte[100_000]);
        sink.clear();
        assertThat(sink.isEmpty()).isTrue();
        assertThat(sink.array().length).isLessThan(1000);
        assertThat(sink.write("a").toByteArray()).asString().isEqualTo("a");
    }

    @Test
    void growingKeepsWhatWasWritten() {
        ByteSink sink = new ByteSink(1);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            sink.write((char) ('a' + i % 26));
            expected.append((char) ('a' + i % 26));
        }
        assertThat(sink.toByteArray()).asString().isEqualTo(expected.toString());
    }
}
