package dev.mehari.usage;

import dev.mehari.usage.Redaction.Hit;
import java.util.List;

/** A text with what stands for its hits, told piece by piece from left to right. */
final class RedactedPieces {
    private final CharSequence text;
    private final List<Hit> hits;

    /** Up to where it was told; beyond the last piece where a hit goes on. */
    private int told;

    private int nextHit;

    /** @param hits from left to right */
    RedactedPieces(CharSequence text, List<Hit> hits) {
        this.text = text;
        this.hits = hits;
    }

    /** The next piece. What stands for a hit stands in the piece in which the hit begins. */
    String upTo(int end) {
        StringBuilder piece = new StringBuilder();
        while (nextHit < hits.size() && hits.get(nextHit).start() < end) {
            Hit hit = hits.get(nextHit++);
            piece.append(text, told, Math.max(told, hit.start())).append(hit.instead());
            told = hit.end();
        }
        if (told < end) {
            piece.append(text, told, end);
            told = end;
        }
        return piece.toString();
    }
}
