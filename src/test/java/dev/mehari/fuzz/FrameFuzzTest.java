package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long it takes is said in the pom. Alone: {@code mvn test-compile surefire:test@fuzz-frames}. */
class FrameFuzzTest {
    @MethodSource("dev.mehari.fuzz.FrameFuzz#seeds")
    @DictionaryEntries({"data:", "event:", "\\r\\n", ":message-type"})
    @FuzzTest
    void theNetworksCutsChangeNothing(byte[] data) {
        FrameFuzz.read(data);
    }
}
