package dev.mehari.testing.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Script;
import dev.mehari.testing.family.Reply.Failure;
import dev.mehari.testing.family.Reply.Turn;

/** The words of one API: how requests are read and answers written. */
interface Wire {
    /** @param path may tell whether events are wanted */
    Asked read(String path, JsonNode request);

    Script whole(Turn turn);

    /** A stream; one that hangs or breaks does so after its last word. */
    Script stream(Turn turn);

    Script failure(Failure failure);
}
