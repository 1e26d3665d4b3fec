package dev.mehari.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long it takes is said in the pom. Alone: {@code mvn test-compile surefire:test@fuzz-answers}. */
class AnswerFuzzTest {
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
    @FuzzTest
    void noAnswerIsMoreThanAFailure(byte[] data) {
        AnswerFuzz.read(data);
    }
}
