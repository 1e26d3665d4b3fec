package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A quarter of an hour of it: {@code mvn -Pfuzz-shortly test -Dtest=FrameLongFuzzTest}. */
class FrameLongFuzzTest {
    @MethodSource("dev.mehari.fuzz.FrameFuzz#seeds")
    @DictionaryEntries({"data:", "event:", "\\r\\n", ":message-type"})
    @FuzzTest(maxDuration = "15m")
    void theNetworksCutsChangeNothing(byte[] data) {
        FrameFuzz.read(data);
    }
}
