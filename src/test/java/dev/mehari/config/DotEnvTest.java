package dev.mehari.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotEnvTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=b|A|b",
                "  A = b  |A|b",
                "export A=b|A|b",
                "export   A=b|A|b",
                "A=b=c==|A|b=c==",
                "A=|A|``",
                "A=\"b c\"|A|b c",
                "A='b c'|A|b c",
                "A=\"b # c\" # d|A|b # c",
                "A=b # c|A|b",
                "A=b#c|A|b#c",
                "A=\"it's\"|A|it's",
                "A='say \"x\"'|A|say \"x\"",
                "A=\"open|A|\"open",
                "A=''|A|``",
                "A=https://h/v1?x=1#f|A|https://h/v1?x=1#f",
                "exporter=1|exporter|1"
            })
    void aLineIsReadAsAShellWould(String line, String name, String value) {
        assertThat(DotEnv.parse(line)).containsExactly(Map.entry(name, value));
    }

    @Test
    void whatIsNoAssignmentIsPassedOver() {
        assertThat(DotEnv.parse("# A=b\n\n   # C=d\nno equals sign\n=x\n  \n")).isEmpty();
        assertThat(DotEnv.parse("")).isEmpty();
    }

    @Test
    void theLastOfTwoCountsWhateverEndsTheLines() {
        assertThat(DotEnv.parse("A=1\r\nB=2\r\nA=3"))
                .containsEntry("A", "3")
                .containsEntry("B", "2")
                .hasSize(2);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() {
        assertThat(DotEnv.parse("\uFEFFA=1")).containsEntry("A", "1");
    }
}
