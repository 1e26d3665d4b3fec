package dev.mehari.transport;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An hour of it: {@code mvn -Pfuzz test}. */
class BodyLongFuzzTest {
    @MethodSource("dev.mehari.transport.BodyFuzz#seeds")
    @DictionaryEntries({"\"messages\"", "\"role\"", "\"user\"", "\"content\"", "\"type\"", "\"tools\"", "\"input\""})
    @FuzzTest(maxDuration = "1h")
    void noBodyIsMoreThanTheClientsFault(byte[] data) {
        BodyFuzz.read(data);
    }
}
