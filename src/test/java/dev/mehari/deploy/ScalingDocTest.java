package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/scaling.md reckons right, and with the figures that it names: whoever changes one changes what follows. */
class ScalingDocTest {
    private static final String NUMBER = "([\\d,]+(?:\\.\\d+)?)";
    private static final Pattern FIGURE = Pattern.compile("\\| " + NUMBER + " µs \\|");
    private static final Pattern CORES =
            Pattern.compile("\\| " + NUMBER + " × " + NUMBER + " µs ÷ 0\\.6 \\| " + NUMBER + " cores \\|");
    private static final Pattern RATE = Pattern.compile("\\| 1,000,000 µs × 0\\.6 ÷ (?:\\(" + NUMBER + " × )?" + NUMBER
            + " µs\\)? \\| " + NUMBER + " (?:rows )?a second \\|");

    @Test
    void itReckonsRightWithTheFiguresItNames() throws IOException {
        String document = Files.readString(Path.of("docs/scaling.md"));
        List<Double> figures = FIGURE.matcher(document)
                .results()
                .map(figure -> number(figure.group(1)))
                .toList();
        List<MatchResult> cores = CORES.matcher(document).results().toList();
        assertThat(cores).hasSize(4).allSatisfy(row -> {
            assertThat(figures).contains(number(row.group(2)));
            double reckoned = number(row.group(1)) * number(row.group(2)) / 1e6 / 0.6;
            assertThat(number(row.group(3))).isCloseTo(reckoned, within(0.051));
        });
        List<MatchResult> rates = RATE.matcher(document).results().toList();
        assertThat(rates).hasSize(3).allSatisfy(row -> {
            assertThat(figures).contains(number(row.group(2)));
            double times = row.group(1) == null ? 1 : number(row.group(1));
            double reckoned = 1e6 * 0.6 / (times * number(row.group(2)));
            assertThat(number(row.group(3))).isCloseTo(reckoned, within(0.5));
        });
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }
}
