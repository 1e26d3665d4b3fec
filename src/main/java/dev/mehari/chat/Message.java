package dev.mehari.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message of a conversation. {@code extras} are fields of the message that have no typed home. */
public sealed interface Message {
    List<? extends AssistantPart> content();

    Extras extras();

    /** Its text parts, joined. */
    default String text() {
        return AssistantPart.text(content());
    }

    /**
     * A system or developer message; it may stand anywhere.
     *
     * @param developer whether the client called it {@code developer}; OpenAI takes either for the other
     */
    record Instructions(
            boolean developer,
            List<ContentPart> content,
            @Nullable String name,
            Extras extras) implements Message {
        public Instructions {
            content = List.copyOf(content);
        }
    }

    record User(List<ContentPart> content, @Nullable String name, Extras extras) implements Message {
        public User {
            content = List.copyOf(content);
        }

        public static User of(String text) {
            return new User(List.of(ContentPart.Text.of(text)), null, Extras.NONE);
        }
    }

    /** What a model said: in a request the turns before, in an answer the new one. */
    record Assistant(List<AssistantPart> content, @Nullable String name, Extras extras) implements Message {
        public Assistant {
            content = List.copyOf(content);
        }

        public List<ToolCall> toolCalls() {
            return content.stream()
                    .filter(ToolCall.class::isInstance)
                    .map(ToolCall.class::cast)
                    .toList();
        }
    }

    /**
     * The answer of one tool call. Dialects that hold several in one message (Anthropic's) are read as several.
     *
     * @param callId the {@link ToolCall#id()} it answers
     * @param isError whether the tool failed
     */
    record ToolResult(String callId, List<ContentPart> content, boolean isError, Extras extras) implements Message {
        public ToolResult {
            content = List.copyOf(content);
        }
    }
}
