package dev.mehari.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the fuzzers begin with, and all that they have found: quick, and in every run of the tests. */
class CorpusTest {
    @TestFactory
    Stream<DynamicTest> streams() {
        return replayed(StreamFuzz.seeds().toList(), StreamFuzz::read);
    }

    @TestFactory
    Stream<DynamicTest> answers() {
        return replayed(AnswerFuzz.seeds().toList(), AnswerFuzz::read);
    }

    @TestFactory
    Stream<DynamicTest> frames() {
        return replayed(FrameFuzz.seeds().toList(), FrameFuzz::read);
    }

    /** Each in every client API: the second byte chooses it. */
    private static Stream<DynamicTest> replayed(List<byte[]> seeds, Consumer<byte[]> target) {
        assertThat(seeds).isNotEmpty();
        return Stream.of(0, 1, 2).flatMap(api -> IntStream.range(0, seeds.size())
                .mapToObj(i -> DynamicTest.dynamicTest("seed " + i + " in API " + api, () -> {
                    byte[] data = seeds.get(i).clone();
                    data[1] = api.byteValue();
                    target.accept(data);
                })));
    }
}
