package dev.mehari.provider.gemini;

import dev.mehari.chat.Answer;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.provider.Ask;

/** Reads a whole answer: a stream of one response. */
final class GeminiAnswer {
    private GeminiAnswer() {}

    /** @throws GatewayException an error in the clothes of a 200, or not an answer at all */
    static Answer decode(Ask ask, byte[] body, ThoughtSignatures signatures) {
        ResponseFolder folder = new ResponseFolder();
        GeminiEvents events = new GeminiEvents(ask, signatures);
        events.read(body, 0, body.length, folder);
        events.end(folder);
        return new Answer.Translated(folder.response(), events.names());
    }
}
