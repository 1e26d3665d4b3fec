package dev.mehari.chat;

import java.util.List;

/** Which tools the model may or must call. */
public sealed interface ToolChoice {
    /** No call; the tools stay visible to the model. */
    record None() implements ToolChoice {}

    /** As the model likes. */
    record Auto() implements ToolChoice {}

    /** At least one call. */
    record Required() implements ToolChoice {}

    /** A call of this tool. */
    record Named(String name, boolean custom) implements ToolChoice {}

    /** As {@link Auto} or, when {@code required}, {@link Required}, but only among these tools. */
    record Allowed(boolean required, List<String> names) implements ToolChoice {
        public Allowed {
            names = List.copyOf(names);
        }
    }
}
