package dev.mehari.provider.demo;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one choice says, in the pieces in which it is streamed, and how it ends. Every choice says the same; only ids of
 * calls differ.
 */
record DemoBody(List<Piece> pieces, FinishReason finish) {
    /** A word with the blanks before it; blanks at the very end are a piece too. */
    private static final Pattern WORD = Pattern.compile("\\s*\\S+|\\s+$");

    /** JSON has no words: a dozen characters at a time. */
    private static final Pattern SLICE = Pattern.compile(".{1,12}", Pattern.DOTALL);

    /** One piece as an event of a choice. */
    interface Piece {
        ChatEvent in(int choice);
    }

    int size() {
        return pieces.size();
    }

    ChatEvent event(int choice, int position) {
        return pieces.get(position).in(choice);
    }

    static List<String> words(String text) {
        return WORD.matcher(text).results().map(MatchResult::group).toList();
    }

    static List<String> pieces(String json) {
        return SLICE.matcher(json).results().map(MatchResult::group).toList();
    }

    /** Text, ended by a stop sequence or by the limit, whichever comes first. */
    static DemoBody text(List<String> pieces, List<String> stop, @Nullable Integer maxTokens) {
        List<String> kept = upToStop(pieces, stop);
        int room = maxTokens == null ? kept.size() : Math.min(maxTokens, kept.size());
        boolean tooLong = room < kept.size();
        List<Piece> events = new ArrayList<>();
        for (String piece : kept.subList(0, room)) {
            events.add(choice -> new ChatEvent.TextDelta(choice, piece));
        }
        return new DemoBody(events, tooLong ? FinishReason.LENGTH : FinishReason.STOP);
    }

    /** Calls, each with its arguments in pieces. An id gets the choice appended, so that it is unique. */
    static DemoBody calls(List<ToolCall> calls) {
        List<Piece> events = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            ToolCall call = calls.get(i);
            int index = i;
            events.add(choice -> new ChatEvent.ToolCallStart(choice, index, call.id() + "_" + choice, call.name()));
            for (String piece : pieces(call.arguments())) {
                events.add(choice -> new ChatEvent.ToolCallDelta(choice, index, piece));
            }
        }
        return new DemoBody(events, FinishReason.TOOL_CALLS);
    }

    private static List<String> upToStop(List<String> pieces, List<String> stop) {
        String text = String.join("", pieces);
        int end = stop.stream()
                .mapToInt(text::indexOf)
                .filter(position -> position >= 0)
                .min()
                .orElse(text.length());
        List<String> kept = new ArrayList<>();
        for (String piece : pieces) {
            int room = Math.min(piece.length(), end);
            end -= room;
            if (room > 0) {
                kept.add(piece.substring(0, room));
            }
        }
        return kept;
    }
}
