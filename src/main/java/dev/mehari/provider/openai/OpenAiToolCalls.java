package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The tool calls of one answer or chunk, seen in passing: which begin, which have arguments, and whether their shape is
 * one that OpenAI's clients know. One instance an object.
 */
final class OpenAiToolCalls {
    /** Calls a choice may have before their keys would overlap; OpenAI allows 128 tools. */
    private static final int PER_CHOICE = 1024;

    private final BitSet begun = new BitSet(0);
    private final BitSet filled = new BitSet(0);
    private final List<Named> named = new ArrayList<>(0);
    private boolean any;
    private boolean odd;

    /**
     * A piece of a stream that has a call's id or name.
     *
     * @param id empty: it has none
     * @param name empty: it has none
     * @param arguments as far as this piece has them
     */
    record Named(int choice, int index, String id, String name, String arguments) {}

    /** Pieces that have an id or a name; never in a whole answer. */
    List<Named> named() {
        return named;
    }

    /** Whether there is a piece of any call. */
    boolean any() {
        return any;
    }

    /** Calls that begin here, by {@link #key}. */
    BitSet begun() {
        return begun;
    }

    /** Calls that have some arguments here, by {@link #key}. */
    BitSet filled() {
        return filled;
    }

    /** Adds the choices in which calls begin here. */
    void addChoices(BitSet choices) {
        for (int key = begun.nextSetBit(0); key >= 0; key = begun.nextSetBit(key + 1)) {
            choices.set(choiceOf(key));
        }
    }

    /** Adds those of one choice that were read as the first one's. */
    void add(OpenAiToolCalls others, int choice) {
        others.begun.stream().forEach(call -> begun.set(key(choice, call)));
        others.filled.stream().forEach(call -> filled.set(key(choice, call)));
        others.named.forEach(
                piece -> named.add(new Named(choice, piece.index(), piece.id(), piece.name(), piece.arguments())));
        any |= others.any;
        odd |= others.odd;
    }

    /** Whether they need {@link OpenAiRepair}. */
    boolean isOdd() {
        return odd;
    }

    static int key(int choice, int call) {
        return choice * PER_CHOICE + Math.clamp(call, 0, PER_CHOICE - 1);
    }

    static int choiceOf(int key) {
        return key / PER_CHOICE;
    }

    static int callOf(int key) {
        return key % PER_CHOICE;
    }

    /**
     * @param parser on the array's first token; it is read to its last
     * @param whole whether it is a message, not a delta
     * @return whether there is any call
     */
    boolean read(JsonParser parser, boolean whole, int choice) throws IOException {
        int calls = 0;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            call(parser, whole, choice, calls++);
        }
        // Some clients take an empty list for tool use.
        odd |= calls == 0;
        return calls > 0;
    }

    private void call(JsonParser parser, boolean whole, int choice, int position) throws IOException {
        int index = whole ? position : -1;
        any = true;
        boolean hasId = false;
        boolean hasType = false;
        boolean hasArguments = false;
        String id = "";
        Said said = new Said("", "", false);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("id")) {
                hasId = token == JsonToken.VALUE_STRING;
                id = hasId ? parser.getText() : "";
                odd |= hasId && (id.isEmpty() || id.equals("null"));
            } else if (name.equals("type")) {
                hasType = token == JsonToken.VALUE_STRING;
                odd |= !hasType;
            } else if (name.equals("function") && token == JsonToken.START_OBJECT) {
                said = function(parser);
                hasArguments = said.filled();
            } else if (name.equals("custom")) {
                hasArguments = true;
            }
            parser.skipChildren();
        }
        odd |= (whole ? !hasArguments : index < 0) || ((hasId || !said.name().isEmpty()) && !hasType);
        if (!whole && (!id.isEmpty() || !said.name().isEmpty())) {
            named.add(new Named(choice, index, id, said.name(), said.arguments()));
        }
        if (hasId) {
            begun.set(key(choice, index));
        }
        if (hasArguments) {
            filled.set(key(choice, index));
        }
    }

    /** What is called; arguments that are no text, and names that are none, are odd in any case. */
    private Said function(JsonParser parser) throws IOException {
        String called = "";
        String arguments = "";
        boolean some = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("arguments")) {
                odd |= token != JsonToken.VALUE_STRING;
                arguments = token == JsonToken.VALUE_STRING ? parser.getText() : "";
                some = OpenAiChoices.isFilled(token, parser);
            } else if (name.equals("name")) {
                called = token == JsonToken.VALUE_STRING ? parser.getText() : "";
                odd |= called.isEmpty();
            }
            parser.skipChildren();
        }
        return new Said(called, arguments, some);
    }

    /** @param filled whether there are arguments that are not empty */
    private record Said(String name, String arguments, boolean filled) {}
}
