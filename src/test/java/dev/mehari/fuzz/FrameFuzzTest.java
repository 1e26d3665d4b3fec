package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A moment of it: {@code mvn -Pfuzz-shortly test -Dtest=FrameFuzzTest}. {@link FrameLongFuzzTest} takes its time. */
class FrameFuzzTest {
    @MethodSource("dev.mehari.fuzz.FrameFuzz#seeds")
    @DictionaryEntries({"data:", "event:", "\\r\\n", ":message-type"})
    @FuzzTest(maxDuration = "5s")
    void theNetworksCutsChangeNothing(byte[] data) {
        FrameFuzz.read(data);
    }
}
