package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events out of bytes, wherever the network has cut them. */
class SseReaderTest {
    /** Every oddity of the format at once; the last event has no blank line. */
    private static final byte[] ODD = ("\uFEFFdata: first 🐪\n\n"
                    + ": a comment\r\n"
                    + "data:no space\r\n\r\n"
                    + "event: named\rdata: 駱駝\rdata:  two\r\r"
                    + ":\n\n"
                    + "id: 7\nretry: 10\nunknown: x\ndata\ndata: \n\n"
                    + "event: lonely\n\n"
                    + "datax: no\ndata: a: b\r\n\n"
                    + "data: {\"last\":\"😀\"}")
            .getBytes(StandardCharsets.UTF_8);

    private static final List<String> EVENTS = List.of(
            "null|first 🐪", "null|no space", "named|駱駝\n two", "null|\n", "null|a: b", "null|{\"last\":\"😀\"}");

    private final List<String> seen = new ArrayList<>();
    private final SseReader reader = new SseReader((name, data, offset, length) ->
            seen.add(name + "|" + new String(data, offset, length, StandardCharsets.UTF_8)));

    private void feed(byte[] bytes, int from, int to) {
        // An array of its own, so that nothing beyond the cut can be read or kept.
        byte[] part = new byte[to - from];
        System.arraycopy(bytes, from, part, 0, part.length);
        reader.feed(part, 0, part.length);
        Arrays.fill(part, (byte) '#');
    }

    @Test
    void wholeItReadsEveryForm() {
        feed(ODD, 0, ODD.length);
        reader.end();
        assertThat(seen).isEqualTo(EVENTS);
    }

    @Test
    void noCutChangesWhatIsRead() {
        for (int cut = 0; cut <= ODD.length; cut++) {
            SseReaderTest one = new SseReaderTest();
            one.feed(ODD, 0, cut);
            one.feed(ODD, cut, ODD.length);
            one.reader.end();
            assertThat(one.seen).as("cut at byte " + cut).isEqualTo(EVENTS);
        }
    }

    @Test
    void noTwoCutsChangeWhatIsRead() {
        for (int cut = 0; cut <= ODD.length; cut++) {
            for (int next = cut; next <= Math.min(cut + 4, ODD.length); next++) {
                SseReaderTest one = new SseReaderTest();
                one.feed(ODD, 0, cut);
                one.feed(ODD, cut, next);
                one.feed(ODD, next, ODD.length);
                one.reader.end();
                assertThat(one.seen).as("cut at bytes " + cut + " and " + next).isEqualTo(EVENTS);
            }
        }
    }

    @Test
    void byteByByteNothingChanges() {
        for (int i = 0; i < ODD.length; i++) {
            feed(ODD, i, i + 1);
        }
        reader.end();
        assertThat(seen).isEqualTo(EVENTS);
    }

    @Test
    void anEventComesAsSoonAsItsBlankLineHasBegun() {
        byte[] cr = "data: x\r\r".getBytes(StandardCharsets.US_ASCII);
        feed(cr, 0, cr.length);
        assertThat(seen).containsExactly("null|x");
    }

    @Test
    void anEndlessEventIsRefused() {
        byte[] part = new byte[1024 * 1024];
        Arrays.fill(part, (byte) 'x');
        assertThatThrownBy(() -> {
                    for (int i = 0; i <= 32; i++) {
                        reader.feed(part, 0, part.length);
                    }
                })
                .isInstanceOf(SseReader.EventTooLarge.class);
    }
}
