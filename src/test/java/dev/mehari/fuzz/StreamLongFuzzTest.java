package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A quarter of an hour of it: {@code mvn -Pfuzz-shortly test -Dtest=StreamLongFuzzTest}. */
class StreamLongFuzzTest {
    @MethodSource("dev.mehari.fuzz.StreamFuzz#seeds")
    @DictionaryEntries({
        "data: ",
        "\"delta\"",
        "\"type\"",
        "\"choices\"",
        "\"content\"",
        "\"error\"",
        "null",
        "[]",
        "{}",
        "[DONE]"
    })
    @FuzzTest(maxDuration = "15m")
    void noStreamIsMoreThanAFailure(byte[] data) {
        StreamFuzz.read(data);
    }
}
