package dev.mehari.testing.family;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a provider answers, whatever its words. */
sealed interface Reply {
    /** One turn of the assistant: a thought if any, then words, then calls. */
    record Turn(@Nullable Thought thought, List<String> words, List<Call> calls, End end) implements Reply {
        String text() {
            return String.join("", words);
        }
    }

    /** A refusal with that status. */
    record Failure(int status, String message) implements Reply {}

    record Thought(String text, String signature) {}

    /** A call of a tool; the arguments are the text of a JSON object. */
    record Call(String id, String name, String arguments) {
        /** They come in pieces, the first of them cut inside a word. */
        List<String> pieces() {
            int middle = arguments.length() / 2;
            return List.of(arguments.substring(0, middle), arguments.substring(middle));
        }
    }

    /** How the turn ends once its words are said. */
    enum End {
        COMPLETE,
        /** Nothing more comes. */
        HANGS,
        /** The provider says inside the stream that it failed. */
        BREAKS
    }

    static Turn say(List<String> words) {
        return new Turn(null, words, List.of(), End.COMPLETE);
    }
}
