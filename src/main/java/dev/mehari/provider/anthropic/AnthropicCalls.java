package dev.mehari.provider.anthropic;

import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolNames;
import dev.mehari.provider.Ask;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of an answer mean to the client that asked. Most answers are told without the request; it is read again
 * only where its tools have names that are not Anthropic's, take free text, or where a tool of ours stands for the form of
 * the answer. One instance an answer.
 */
final class AnthropicCalls {
    private static final byte[] CUSTOM = "\"custom\"".getBytes(StandardCharsets.US_ASCII);

    private final Ask ask;
    private final ClaudeModels models;
    private @Nullable AnthropicTools tools;
    private @Nullable Boolean speaksOfCustom;

    AnthropicCalls(Ask ask, ClaudeModels models) {
        this.ask = ask;
        this.models = models;
    }

    /** The name of our tool whose input is the answer; null when there is none. */
    @Nullable
    String answerTool() {
        RequestFacts request = ask.request();
        // Where the chat dialect and Responses name the form of an answer.
        boolean mayBe = request.raw().has("response_format") || request.raw().has("text");
        return mayBe ? tools().answerTool() : null;
    }

    /** The client's tool, where that is more than its name as it stands. */
    @Nullable
    Tool find(String name) {
        return ToolNames.isMade(name) || mayBeCustom() ? tools().called(name) : null;
    }

    private boolean mayBeCustom() {
        Boolean known = speaksOfCustom;
        if (known == null) {
            speaksOfCustom = known = holds(ask.request().raw().bytes(), CUSTOM);
        }
        return known;
    }

    private AnthropicTools tools() {
        AnthropicTools known = tools;
        if (known == null) {
            known = AnthropicTools.of(ask.request().request().get(), models.find(ask.model()));
            tools = known;
        }
        return known;
    }

    private static boolean holds(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (bytes[i] == part[0] && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
