package dev.mehari.testing.family;

import dev.mehari.testing.family.Reply.Call;
import dev.mehari.testing.family.Reply.End;
import dev.mehari.testing.family.Reply.Failure;
import dev.mehari.testing.family.Reply.Thought;
import dev.mehari.testing.family.Reply.Turn;
import java.util.List;

/**
 * What the fakes answer, by the first word of the user's first text: {@code say} that, ask for the {@code weather}, describe a
 * {@code person}, {@code look} at pictures, {@code fail} with a status, {@code break} in the middle of a stream, {@code hang},
 * work as a coding {@code agent}.
 */
public final class Model {
    /** Every answer costs the same: 11 tokens of prompt, of which 4 were cached, and 7 of answer. */
    public static final int PROMPT = 11;

    public static final int CACHED = 4;
    public static final int SAID = 7;

    /** The arguments of the first call; letters, quotes and a pair of surrogates must survive. */
    public static final String ZURICH = "{\"city\":\"Zürich \\\"🐪\\\"\",\"days\":2}";

    public static final String ROME = "{\"city\":\"Rome\",\"days\":1}";
    public static final String PERSON = "{\"name\":\"Ann 駱駝\",\"age\":3,\"tags\":[\"a\",\"b\"]}";
    public static final String FIRST_SIGNATURE = "c2lnbmF0dXJlIG9uZQ==";
    public static final String SECOND_SIGNATURE = "c2lnbmF0dXJlIHR3bw==";

    private Model() {}

    static Reply answer(Asked asked) {
        String[] order = asked.order().split(" ", 2);
        String rest = order.length > 1 ? order[1] : "";
        return switch (order[0]) {
            case "say" -> Reply.say(words(rest));
            case "weather" -> weather(asked);
            case "person" -> Reply.say(asked.schema() ? words(PERSON) : List.of("no schema came"));
            case "look" -> Reply.say(List.of(String.join(", ", asked.images())));
            case "fail" -> new Failure(Integer.parseInt(rest.substring(0, 3)), "the fake refuses");
            case "break" -> new Turn(null, List.of("half ", "of it"), List.of(), End.BREAKS);
            case "hang" -> new Turn(null, List.of("half ", "of it"), List.of(), End.HANGS);
            case "agent" -> agent(asked);
            default -> new Failure(400, "the fake knows no such order: " + asked.order());
        };
    }

    /** Each word with the blank behind it. */
    private static List<String> words(String text) {
        return List.of(text.split("(?<= )"));
    }

    private static Turn weather(Asked asked) {
        if (asked.results().isEmpty()) {
            return new Turn(
                    null,
                    List.of("Let me ", "look."),
                    List.of(new Call("call_zurich", "weather", ZURICH), new Call("call_rome", "weather", ROME)),
                    End.COMPLETE);
        }
        return Reply.say(List.of("heard ", String.join(" and ", asked.results())));
    }

    /** Looks for files, reads two at once, and tells what has come back of what it said and thought before. */
    private static Turn agent(Asked asked) {
        return switch (asked.results().size()) {
            case 0 ->
                new Turn(
                        new Thought("First the files.", FIRST_SIGNATURE),
                        List.of("Looking ", "around."),
                        List.of(new Call("call_list", "list_files", "{\"path\":\".\"}")),
                        End.COMPLETE);
            case 1 ->
                new Turn(
                        new Thought("Both matter.", SECOND_SIGNATURE),
                        List.of(),
                        List.of(
                                new Call("call_a", "read_file", "{\"path\":\"a.txt\"}"),
                                new Call("call_b", "read_file", "{\"path\":\"b.txt\"}")),
                        End.COMPLETE);
            default ->
                Reply.say(List.of(
                        "results: " + String.join(", ", asked.results()),
                        "; tools: " + String.join(", ", asked.tools()),
                        "; thoughts: " + String.join(", ", asked.signatures()),
                        "; cache marks: " + asked.marked()));
        };
    }
}
