package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long it takes is said in the pom. Alone: {@code mvn test-compile surefire:test@fuzz-streams}. */
class StreamFuzzTest {
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
    @FuzzTest
    void noStreamIsMoreThanAFailure(byte[] data) {
        StreamFuzz.read(data);
    }
}
