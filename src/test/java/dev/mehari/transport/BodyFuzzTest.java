package dev.mehari.transport;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long it takes is said in the pom. Alone: {@code mvn test-compile surefire:test@fuzz-bodies}. */
class BodyFuzzTest {
    @MethodSource("dev.mehari.transport.BodyFuzz#seeds")
    @DictionaryEntries({"\"messages\"", "\"role\"", "\"user\"", "\"content\"", "\"type\"", "\"tools\"", "\"input\""})
    @FuzzTest
    void noBodyIsMoreThanTheClientsFault(byte[] data) {
        BodyFuzz.read(data);
    }
}
