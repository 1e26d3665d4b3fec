package dev.mehari.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.EventFrames;
import dev.mehari.testing.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The binary fixtures say what the text beside them says. {@code -Dgolden.update=true} writes them. */
class EventFramesTest {
    static List<GoldenCase> streams() {
        return Stream.of("bedrock", "bedrock-agent")
                .flatMap(protocol -> GoldenCase.all(protocol).stream())
                .filter(GoldenCase::isStream)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void theFixtureIsFramedByTheSdk(GoldenCase golden) throws IOException {
        Path file = golden.folder().resolve("upstream-answer.bin");
        byte[] framed = EventFrames.of(Files.readAllLines(golden.folder().resolve("frames.txt")));
        if (Boolean.getBoolean("golden.update")) {
            Files.write(file, framed);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(framed);
    }
}
