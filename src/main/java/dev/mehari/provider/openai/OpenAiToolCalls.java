package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.BitSet;

/**
 * The tool calls of one answer or chunk, seen in passing: which begin, which have arguments, and whether their shape is
 * one that OpenAI's clients know. One instance an object.
 */
final class OpenAiToolCalls {
    /** Calls a choice may have before their keys would overlap; OpenAI allows 128 tools. */
    private static final int PER_CHOICE = 1024;

    private final BitSet begun = new BitSet(0);
    private final BitSet filled = new BitSet(0);
    private boolean odd;

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
        boolean hasId = false;
        boolean hasType = false;
        boolean hasArguments = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("id")) {
                hasId = token == JsonToken.VALUE_STRING;
                odd |= hasId && parser.getText().equals("null");
            } else if (name.equals("type")) {
                hasType = token == JsonToken.VALUE_STRING;
            } else if (name.equals("function") && token == JsonToken.START_OBJECT) {
                hasArguments = arguments(parser);
            } else if (name.equals("custom")) {
                hasArguments = true;
            }
            parser.skipChildren();
        }
        odd |= (whole ? !hasArguments : index < 0) || (hasId && !hasType);
        if (hasId) {
            begun.set(key(choice, index));
        }
        if (hasArguments) {
            filled.set(key(choice, index));
        }
    }

    /** Whether there are arguments that are not empty; an object instead of text is odd in any case. */
    private boolean arguments(JsonParser parser) throws IOException {
        boolean some = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean named = parser.currentName().equals("arguments");
            JsonToken token = parser.nextToken();
            if (named) {
                odd |= token == JsonToken.START_OBJECT;
                some = OpenAiChoices.isFilled(token, parser);
            }
            parser.skipChildren();
        }
        return some;
    }
}
