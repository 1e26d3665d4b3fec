package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.FinishReason;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the {@code choices} of an answer or a chunk without building a tree: does it hold something of the
 * answer, does a choice finish, is its shape one that OpenAI's clients know. One instance an object.
 */
final class OpenAiChoices {
    private static final int MOST = 1024;

    private int count;
    private boolean content;
    private boolean hasDelta;
    private boolean odd;
    private boolean interrupted;
    private @Nullable FinishReason finish;
    private final OpenAiToolCalls toolCalls = new OpenAiToolCalls();
    private final BitSet seen = new BitSet(4);
    private final BitSet finished = new BitSet(4);
    private final BitSet stopped = new BitSet(0);

    /** How many choices there are. */
    int count() {
        return count;
    }

    /** Whether there is text, reasoning, a refusal, a tool call or audio in it. */
    boolean hasContent() {
        return content;
    }

    /** Whether any choice has a delta or a message. */
    boolean hasDelta() {
        return hasDelta;
    }

    /** Whether it needs {@link OpenAiRepair}. */
    boolean isOdd() {
        return odd;
    }

    /** Whether the provider says that it broke off: a finish reason that means an error. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** The last finish reason in it. */
    @Nullable
    FinishReason finish() {
        return finish;
    }

    /** Indexes of all choices in it. */
    BitSet seen() {
        return seen;
    }

    /** Indexes of the choices that end in it. */
    BitSet finished() {
        return finished;
    }

    /** Indexes of the choices that say they just stopped. */
    BitSet stopped() {
        return stopped;
    }

    /** The tool calls in it. */
    OpenAiToolCalls toolCalls() {
        return toolCalls;
    }

    /** @param parser on the array's first token; it is read to its last */
    void read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            choice(parser);
            count++;
        }
    }

    private void choice(JsonParser parser) throws IOException {
        int index = -1;
        OpenAiToolCalls calls = toolCalls;
        boolean ends = false;
        boolean empty = true;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "index" -> index = token == JsonToken.VALUE_NUMBER_INT ? index(parser) : index;
                case "delta", "message" -> {
                    if (token == JsonToken.START_OBJECT) {
                        hasDelta = true;
                        empty = false;
                        // Whose they are may be told behind them.
                        calls = index < 0 ? new OpenAiToolCalls() : toolCalls;
                        message(parser, name.equals("message"), Math.max(index, 0), calls);
                    }
                }
                case "finish_reason" -> {
                    if (token == JsonToken.VALUE_STRING && parser.getTextLength() == 0) {
                        // Some hosts write "" on every chunk but the last.
                        odd = true;
                    } else if (token == JsonToken.VALUE_STRING) {
                        ends = true;
                        finish(parser.getText());
                    }
                }
                default -> parser.skipChildren();
            }
        }
        odd |= (ends && empty) || index < 0;
        index = index < 0 ? Math.min(count, MOST - 1) : index;
        if (calls != toolCalls) {
            toolCalls.add(calls, index);
        }
        seen.set(index);
        if (ends) {
            finished.set(index);
            if (finish == FinishReason.STOP) {
                stopped.set(index);
            }
        }
    }

    /** Brought into bounds: no host gives more choices, and a wrong number must not decide how much memory is taken. */
    static int index(JsonParser parser) throws IOException {
        return Math.clamp(parser.getLongValue(), 0, MOST - 1);
    }

    /** The same of a choice that was read as a tree. */
    static int index(JsonNode choice, int position) {
        JsonNode index = choice.path("index");
        return index.isIntegralNumber() ? Math.clamp(index.asLong(), 0, MOST - 1) : position;
    }

    private void message(JsonParser parser, boolean whole, int choice, OpenAiToolCalls calls) throws IOException {
        boolean hasContentField = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "content" -> {
                    hasContentField = true;
                    // Mistral's thinking models answer with an array of parts.
                    odd |= token == JsonToken.START_ARRAY;
                    content |= isFilled(token, parser);
                }
                case "tool_calls" -> {
                    if (token == JsonToken.START_ARRAY) {
                        content |= calls.read(parser, whole, choice);
                        odd |= calls.isOdd();
                    }
                }
                case "reasoning_content", "reasoning", "refusal", "reasoning_details", "function_call", "audio" ->
                    content |= isFilled(token, parser);
                default -> {}
            }
            parser.skipChildren();
        }
        odd |= whole && !hasContentField;
    }

    static boolean isFilled(JsonToken token, JsonParser parser) throws IOException {
        return token == JsonToken.VALUE_STRING ? parser.getTextLength() > 0 : token != JsonToken.VALUE_NULL;
    }

    private void finish(String reason) {
        switch (reason) {
            case "stop" -> finish = FinishReason.STOP;
            case "length" -> finish = FinishReason.LENGTH;
            case "tool_calls" -> finish = FinishReason.TOOL_CALLS;
            case "content_filter" -> finish = FinishReason.CONTENT_FILTER;
            case "function_call" -> finish = FinishReason.FUNCTION_CALL;
            // OpenRouter, Mistral; DeepSeek when it runs out of machines.
            case "error", "insufficient_system_resource" -> interrupted = true;
            default -> {
                odd = true;
                finish = OpenAiRepair.finish(reason);
            }
        }
    }
}
