package dev.mehari.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.conformance.EventStream.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How bytes become records, and measurements percentiles. */
class ReadingTest {
    private static final String ODD =
            "\uFEFF: a comment\r\nevent: x\rdata:one\ndata: two\n\nid: 7\r\n\r\ndata: 🌍\r\n\r\ndata: last";

    /** In pieces of so many bytes, each a nanosecond after the one before. */
    private static Answer answer(byte[] bytes, int size) {
        List<Answer.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += size) {
            byte[] piece = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size));
            pieces.add(new Answer.Piece(pieces.size(), piece));
        }
        return new Answer(200, Map.of(), pieces, -1, null);
    }

    @Test
    void recordsAreTheSameHoweverTheyAreCut() {
        byte[] bytes = ODD.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            EventStream stream = EventStream.of(answer(bytes, size));
            assertThat(stream.events())
                    .extracting(event -> event.name() + "=" + event.data())
                    .containsExactly("x=one\ntwo", "=🌍", "=last");
            assertThat(stream.fields()).containsExactlyInAnyOrder("event", "data", "id");
            assertThat(stream.badText()).isNull();
        }
    }

    @Test
    void aRecordCameWhenItsLastByteCame() {
        byte[] bytes = "data: a\n\ndata: b\n\n".getBytes(StandardCharsets.UTF_8);
        assertThat(EventStream.of(answer(bytes, 1)).events())
                .extracting(Event::nanos)
                .containsExactly(8L, 17L);
        assertThat(EventStream.of(answer(bytes, 9)).events())
                .extracting(Event::nanos)
                .containsExactly(0L, 1L);
    }

    @Test
    void bytesThatAreNoTextAreTold() {
        byte[] latin = "data: ü\n\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EventStream.of(answer(latin, 4)).badText()).isEqualTo("data: \uFFFD");
    }

    @Test
    void anEmptyBodyHasNoRecords() {
        assertThat(EventStream.of(answer(new byte[0], 1)).events()).isEmpty();
    }

    @Test
    void percentilesAreAmongWhatWasMeasured() {
        Percentiles of = Percentiles.of(List.of(5.0, 1.0, 4.0, 2.0, 3.0));
        assertThat(of).isEqualTo(new Percentiles(5, 3, 5, 5));
        assertThat(Percentiles.of(List.of(7.0))).isEqualTo(new Percentiles(1, 7, 7, 7));
        assertThatThrownBy(() -> Percentiles.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aShapeTellsTheTypesOfAllElements() {
        assertThat(Shape.of(ChatStream.tree("{\"a\":[{\"b\":1},{\"b\":null,\"c\":\"\"}],\"d\":1.5}"))
                        .types())
                .hasToString("{=[object], a=[array], a[]=[object], a[].b=[integer, null], a[].c=[string], d=[number]}");
    }

    @Test
    void brokenCharactersAreHalvesAndReplacements() {
        assertThat(Characters.broken("a🌍 日")).isFalse();
        assertThat(Characters.broken("a\uFFFD")).isTrue();
        assertThat(Characters.broken("a\uD83C")).isTrue();
        assertThat(Characters.broken("\uDF0D🌍")).isTrue();
    }

    @Test
    void theGatewaysOwnDoorsAreBesideTheVersion() {
        Target target = Target.of("https://host/llm/v1//", "m", null);
        assertThat(target.uri("/models")).hasToString("https://host/llm/v1/models");
        assertThat(target.root("/stats")).hasToString("https://host/llm/stats");
    }
}
