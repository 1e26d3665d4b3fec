package dev.mehari.provider.gemini;

import dev.mehari.chat.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a conversation as they are written: parts of one role after another stand in one. Google's rule is that a
 * user begins. One instance a request.
 */
final class GeminiTurns {
    static final String USER = "user";
    static final String MODEL = "model";

    private final JsonWriter json;
    private @Nullable String role;
    private boolean any;
    private boolean hasCall;

    GeminiTurns(JsonWriter json) {
        this.json = json;
    }

    /** Begins a part in a turn of that role. */
    JsonWriter part(String role) {
        enter(role);
        return json.object();
    }

    /** Goes on with a turn of that role, or begins one. */
    void enter(String wanted) {
        if (isIn(wanted)) {
            return;
        }
        close();
        if (!any && wanted.equals(MODEL)) {
            blank();
        }
        json.object().field("role", wanted).name("parts").list();
        role = wanted;
        any = true;
        hasCall = false;
    }

    /** Whether a turn of that role is open. */
    boolean isIn(String wanted) {
        return wanted.equals(role);
    }

    /** A function is called in the open turn. */
    void called() {
        hasCall = true;
    }

    /** Whether one is called in the open turn already. */
    boolean hasCall() {
        return hasCall;
    }

    /** Ends the open turn: what comes next stands in another, whatever its role. */
    void close() {
        if (role != null) {
            json.endList().endObject();
            role = null;
        }
    }

    /** Ends the conversation, which holds something of the user's in any case. */
    void end() {
        close();
        if (!any) {
            blank();
        }
    }

    private void blank() {
        json.object().field("role", USER).name("parts").list();
        json.object().field("text", " ").endObject().endList().endObject();
        any = true;
    }
}
