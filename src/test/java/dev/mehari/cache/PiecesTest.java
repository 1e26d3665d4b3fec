package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.TextPieces;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A whole answer given again as a stream comes in pieces. */
class PiecesTest {
    @Property(tries = 500)
    void theyAddUpToTheText(@ForAll String text) {
        assertThat(String.join("", TextPieces.of(text))).isEqualTo(text);
    }

    @Test
    void theyAreAFewWordsEach() {
        assertThat(TextPieces.of("")).containsExactly("");
        assertThat(TextPieces.of("hello world")).containsExactly("hello world");
        assertThat(TextPieces.of("Explain how a gateway keeps latency low."))
                .containsExactly("Explain how a gateway ", "keeps latency low.");
        assertThat(TextPieces.of("x".repeat(200))).hasSize(4).allMatch(piece -> piece.length() <= 64);
    }

    @Test
    void noCharacterIsCutInTwo() {
        String faces = "a" + "\ud83d\ude00".repeat(100);
        assertThat(TextPieces.of(faces)).hasSizeGreaterThan(2).allMatch(piece -> !Canonical.hasHalfOfAPair(piece));
    }

    @Test
    void aSignatureClosesTheLastOne() {
        List<ChatEvent> pieces =
                Pieces.of(new ChatEvent.ReasoningDelta(1, "Explain how a gateway keeps latency low.", "c2ln"));
        assertThat(pieces)
                .containsExactly(
                        new ChatEvent.ReasoningDelta(1, "Explain how a gateway ", null),
                        new ChatEvent.ReasoningDelta(1, "keeps latency low.", "c2ln"));
        ChatEvent end = new ChatEvent.End();
        assertThat(Pieces.of(end)).containsExactly(end);
    }
}
