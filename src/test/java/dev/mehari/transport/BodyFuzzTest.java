package dev.mehari.transport;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Half a minute of it, in every build. {@link BodyLongFuzzTest} takes its time. */
class BodyFuzzTest {
    @MethodSource("dev.mehari.transport.BodyFuzz#seeds")
    @DictionaryEntries({"\"messages\"", "\"role\"", "\"user\"", "\"content\"", "\"type\"", "\"tools\"", "\"input\""})
    @FuzzTest(maxDuration = "30s")
    void noBodyIsMoreThanTheClientsFault(byte[] data) {
        BodyFuzz.read(data);
    }
}
