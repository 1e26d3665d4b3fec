package dev.mehari.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Json;
import dev.mehari.chat.ToolCall;
import java.io.IOException;
import java.util.Set;

/** Reckons how many tokens a whole answer has whose provider did not tell: one for every four characters of its text. */
final class AnswerLength {
    private static final int CHARS_A_TOKEN = 4;
    private static final Set<String> TEXTS =
            Set.of("content", "text", "reasoning", "reasoning_content", "thinking", "arguments", "refusal", "name");

    private AnswerLength() {}

    static long tokens(Answer answer) {
        return switch (answer) {
            case Answer.Bytes bytes -> Math.ceilDiv(chars(bytes.json()), (long) CHARS_A_TOKEN);
            case Answer.Translated translated -> Math.ceilDiv(chars(translated.response()), (long) CHARS_A_TOKEN);
            case Answer.Embedded embedded -> 0;
        };
    }

    private static long chars(byte[] json) {
        long chars = 0;
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String name = token == JsonToken.VALUE_STRING ? parser.currentName() : null;
                chars += name != null && TEXTS.contains(name) ? parser.getTextLength() : 0;
            }
        } catch (IOException broken) {
            // It went to the client as it is; what could be read of it counts.
            return chars;
        }
        return chars;
    }

    private static long chars(ChatResponse response) {
        long chars = 0;
        for (ChatResponse.Choice choice : response.choices()) {
            for (AssistantPart part : choice.message().content()) {
                chars += switch (part) {
                    case ContentPart.Text text -> text.text().length();
                    case AssistantPart.Refusal refusal -> refusal.text().length();
                    case AssistantPart.Reasoning reasoning -> reasoning.text().length();
                    case ToolCall call ->
                        call.name().length() + call.arguments().length();
                    case ContentPart other -> 0;
                    case AssistantPart.RedactedReasoning hidden -> 0;
                };
            }
        }
        return chars;
    }
}
