package dev.mehari.provider.bedrockagent;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.Sha256;
import dev.mehari.provider.Ask;
import java.util.UUID;

/**
 * Under which name an agent remembers a conversation: the client's own, else one made of how the conversation began, which
 * is the same with each turn. Two that begin with the same words and come with the same key then share a memory; clients
 * that send {@code x-session-id} or {@code user} do not.
 */
final class BedrockAgentSession {
    private static final int LONGEST = 100;

    private BedrockAgentSession() {}

    /** {@code [0-9a-zA-Z._:-]{2,100}}. */
    static String of(Ask ask, ChatRequest request) {
        String named = ask.session();
        if (named != null) {
            return fits(named) ? named : "mehari-" + Sha256.hex(named);
        }
        StringBuilder beginning = new StringBuilder();
        for (Message message : request.messages()) {
            String text = message.text();
            if (message instanceof Message.Instructions) {
                beginning.append(text).append('\n');
            } else if (message instanceof Message.User && !text.isBlank()) {
                return "mehari-" + Sha256.hex(ask.caller() + "\n" + beginning + "\n" + text);
            }
        }
        return "mehari-" + UUID.randomUUID();
    }

    private static boolean fits(String name) {
        return name.length() >= 2
                && name.length() <= LONGEST
                && name.chars().allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || "._:-".indexOf(c) >= 0);
    }
}
