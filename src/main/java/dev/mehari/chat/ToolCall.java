package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * A model asks for a tool.
 *
 * @param id the call's name, which its result repeats
 * @param custom whether it is a custom tool (free text) rather than a function (JSON)
 * @param arguments the model's own words: JSON text for a function ({@code {}} when it gave none, and possibly not
 *     valid), free text for a custom tool. Never parsed and written again on the way: digits and key order are part of
 *     it
 * @param signature Gemini's thought signature of this call
 */
public record ToolCall(
        String id,
        boolean custom,
        String name,
        String arguments,
        @Nullable String signature) implements AssistantPart {
    public ToolCall {
        // OpenAI API reference, Chat Completions, read 2026-11-21: arguments is a string holding JSON. No arguments is
        // an empty object; "" has broken clients and providers alike.
        arguments = arguments.isBlank() && !custom ? "{}" : arguments;
    }

    public static ToolCall function(String id, String name, String arguments) {
        return new ToolCall(id, false, name, arguments, null);
    }
}
