package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A quarter of an hour of it: {@code mvn -Pfuzz-shortly test -Dtest=AnswerLongFuzzTest}. */
class AnswerLongFuzzTest {
    @MethodSource("dev.mehari.fuzz.AnswerFuzz#seeds")
    @DictionaryEntries({
        "\"message\"",
        "\"choices\"",
        "\"content\"",
        "\"error\"",
        "\"usage\"",
        "null",
        "[]",
        "{}",
        "1e999",
        "-1"
    })
    @FuzzTest(maxDuration = "15m")
    void noAnswerIsMoreThanAFailure(byte[] data) {
        AnswerFuzz.read(data);
    }
}
