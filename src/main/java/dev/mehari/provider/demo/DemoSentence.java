package dev.mehari.provider.demo;

import dev.mehari.chat.Message;
import java.util.List;
import java.util.stream.Collectors;

/** The sentence with which the demo provider answers a conversation. */
final class DemoSentence {
    private static final String INTRODUCTION = "This is Mehari's demo provider. ";

    /** Most characters quoted of one text: an answer of megabytes, word by word and n times, helps nobody. */
    private static final int LONGEST_QUOTE = 2000;

    private DemoSentence() {}

    static String answering(List<Message> messages) {
        List<String> results = lastResults(messages);
        if (!results.isEmpty()) {
            String quotes = results.stream().map(DemoSentence::quote).collect(Collectors.joining(", "));
            return INTRODUCTION + (results.size() == 1 ? "The tool answered: " : "The tools answered: ") + quotes + ".";
        }
        String said = lastUserText(messages);
        return INTRODUCTION + (said.isBlank() ? "You said nothing." : "You said: " + quote(said) + ".");
    }

    /** The text of the last user message; empty when there is none. */
    static String lastUserText(List<Message> messages) {
        return messages.reversed().stream()
                .filter(Message.User.class::isInstance)
                .map(Message::text)
                .findFirst()
                .orElse("");
    }

    /** The tool results at the end of the conversation, in order. */
    private static List<String> lastResults(List<Message> messages) {
        return messages.reversed().stream()
                .takeWhile(Message.ToolResult.class::isInstance)
                .map(Message::text)
                .toList()
                .reversed();
    }

    private static String quote(String text) {
        if (text.length() <= LONGEST_QUOTE) {
            return '"' + text + '"';
        }
        // Not through the middle of an emoji.
        int end = Character.isHighSurrogate(text.charAt(LONGEST_QUOTE - 1)) ? LONGEST_QUOTE - 1 : LONGEST_QUOTE;
        return '"' + text.substring(0, end) + "…\"";
    }
}
