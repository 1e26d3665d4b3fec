package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Bytes are found where they stand first, in short ranges and in long ones. */
class ByteSearchTest {
    private static int found(String text, String part, int start, int end) {
        return ByteSearch.indexOf(
                text.getBytes(StandardCharsets.ISO_8859_1), part.getBytes(StandardCharsets.ISO_8859_1), start, end);
    }

    /** Few letters, so that much of the part stands in many places. */
    @Property(tries = 2000)
    void asStringsAreFound(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 60) String text,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 6) String part,
            @ForAll @IntRange(max = 3) int padding) {
        String padded = "b".repeat(padding * 700) + text;
        assertThat(found(padded, part, 0, padded.length())).isEqualTo(padded.indexOf(part));
    }

    @Test
    void onlyWithinTheRange() {
        for (int padding : new int[] {0, 5000}) {
            String text = "mark" + "x".repeat(padding) + "mark";
            int second = padding + 4;
            assertThat(found(text, "mark", 0, text.length())).isZero();
            assertThat(found(text, "mark", 1, text.length())).isEqualTo(second);
            assertThat(found(text, "mark", 1, text.length() - 1)).isEqualTo(-1);
            assertThat(found(text, "mark", 0, 3)).isEqualTo(-1);
        }
    }

    @Test
    void bytesBeyondAscii() {
        String text = "\u00e9".repeat(3000) + "\u00ff\u0080";
        assertThat(found(text, "\u00ff\u0080", 0, text.length())).isEqualTo(3000);
    }
}
