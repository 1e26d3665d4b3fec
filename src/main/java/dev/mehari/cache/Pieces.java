package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.TextPieces;
import java.util.ArrayList;
import java.util.List;

/** Text that came in one piece as the few words at a time of a stream, should it be given again as one. */
public final class Pieces {
    private Pieces() {}

    /** The event, or several that say the same. */
    public static List<ChatEvent> of(ChatEvent event) {
        return switch (event) {
            case ChatEvent.TextDelta(var choice, var text) ->
                TextPieces.of(text).stream()
                        .<ChatEvent>map(piece -> new ChatEvent.TextDelta(choice, piece))
                        .toList();
            case ChatEvent.ReasoningDelta(var choice, var text, var signature) -> {
                List<String> pieces = TextPieces.of(text);
                List<ChatEvent> events = new ArrayList<>();
                for (String piece : pieces.subList(0, pieces.size() - 1)) {
                    events.add(new ChatEvent.ReasoningDelta(choice, piece, null));
                }
                // A signature closes the block.
                events.add(new ChatEvent.ReasoningDelta(choice, pieces.getLast(), signature));
                yield events;
            }
            default -> List.of(event);
        };
    }
}
