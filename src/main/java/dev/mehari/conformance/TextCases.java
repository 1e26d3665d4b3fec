package dev.mehari.conformance;

import java.util.List;

/** Text beyond ASCII, and clients that leave. */
final class TextCases implements Cases {
    private static final Demand WHOLE = Demand.must(
            "text.plain",
            "a whole answer keeps characters of two, three and four bytes",
            "pitfalls P15",
            "write UTF-8; nothing between model and client may decode with another charset");
    private static final Demand STREAMED = Demand.must(
            "text.stream",
            "a stream keeps characters of two, three and four bytes",
            "pitfalls P15",
            "keep the bytes of an unfinished character for the next read");
    private static final Demand REQUEST = Demand.must(
            "text.request",
            "a request whose packets part a character is understood",
            "pitfalls P15",
            "read the whole body before you decode it");
    private static final Demand LEFT = Demand.must(
            "cancel.next",
            "after a client has left in the middle of a stream the next one is answered",
            "pitfalls P27",
            "close the model's stream when the client's connection closes, and free what it held");

    private static final String DOOR = "/chat/completions";

    @Override
    public String title() {
        return "text beyond ASCII, clients that leave";
    }

    @Override
    public List<Demand> demands() {
        return List.of(WHOLE, STREAMED, REQUEST, LEFT);
    }

    @Override
    public void check(Session session) {
        Answer whole = session.chat(session.prompts().signs(false));
        signs(session.sheet(), WHOLE, whole, content(whole));
        ChatStream stream =
                session.stream("text beyond ASCII", session.prompts().signs(true));
        signs(session.sheet(), STREAMED, stream.answer(), stream.text());
        parted(session);
        session.leave(session.prompts().longStream());
        Answer next = session.chat(session.prompts().hello());
        session.sheet().judge(LEFT, next.ok(), next::excerpt);
    }

    private static void parted(Session session) {
        RawRequest raw = new RawRequest(session.endpoint());
        if (!raw.possible(DOOR)) {
            session.sheet().unchecked(List.of(REQUEST), "there is a proxy between; packets are its own");
            return;
        }
        Answer answer = raw.sendInTwo(DOOR, session.prompts().signs(false));
        session.sheet().judge(REQUEST, answer.status() == 200 && !Characters.broken(answer.text()), answer::excerpt);
    }

    private static String content(Answer answer) {
        return answer.json()
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText("");
    }

    /** Broken characters are a finding; a model that did not repeat what it was told is none. */
    private static void signs(Sheet sheet, Demand demand, Answer answer, String text) {
        boolean came = answer.ok() && !text.isEmpty();
        if (!came || Characters.broken(text)) {
            sheet.judge(demand, came ? Answer.cut(text) : answer.excerpt());
        } else if (text.contains("日本語") && text.contains("🌍")) {
            sheet.judge(demand, null);
        } else {
            sheet.unchecked(List.of(demand), "the model did not repeat the signs: " + Answer.cut(text));
        }
    }
}
