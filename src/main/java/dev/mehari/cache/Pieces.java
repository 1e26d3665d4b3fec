package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;

/** Text that came in one piece as the few words at a time of a stream, should it be given again as one. */
public final class Pieces {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 64;

    private Pieces() {}

    /** The event, or several that say the same. */
    public static List<ChatEvent> of(ChatEvent event) {
        return switch (event) {
            case ChatEvent.TextDelta(var choice, var text) ->
                cut(text).stream()
                        .<ChatEvent>map(piece -> new ChatEvent.TextDelta(choice, piece))
                        .toList();
            case ChatEvent.ReasoningDelta(var choice, var text, var signature) -> {
                List<String> pieces = cut(text);
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

    /** At least one; cut behind a space where there is one, and never within a character. */
    static List<String> cut(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int end = 1; end < text.length(); end++) {
            int length = end - start;
            boolean wordEnds = length >= SHORTEST && text.charAt(end - 1) == ' ';
            boolean within = Character.isHighSurrogate(text.charAt(end - 1));
            if ((wordEnds || length >= LONGEST) && !within) {
                pieces.add(text.substring(start, end));
                start = end;
            }
        }
        pieces.add(text.substring(start));
        return pieces;
    }
}
