package dev.mehari.conformance;

/**
 * What a group of cases works with.
 *
 * @param prompts for the model that is checked
 */
record Session(Plan plan, Endpoint endpoint, Prompts prompts, Sheet sheet) {
    /** In bytes: more than a stream's first chunks, less than the long text. */
    private static final int READ_BEFORE_LEAVING = 600;

    /** Posts to the chat door. */
    Answer chat(String body) {
        return endpoint.sendPatiently(Ask.post("/chat/completions", body));
    }

    /** Posts to the chat door and reads the answer as a stream, which is held to the order of every stream. */
    ChatStream stream(String which, String body) {
        ChatStream stream = ChatStream.of(chat(body));
        new StreamOrder(sheet, which).judge(stream);
        return stream;
    }

    /** Asks for a stream and leaves in its middle. */
    void leave(String body) {
        endpoint.send(Ask.post("/chat/completions", body), READ_BEFORE_LEAVING);
    }
}
