package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** Requests that must be refused, and how the refusal looks. */
final class ErrorCases implements Cases {
    private static final Demand STATUS = Demand.must(
            "errors.status",
            "an error has a status of 400 or above, for streams too",
            "openai-chat 9",
            "set the status: SDKs choose the exception by it, and take 200 for an answer");
    private static final Demand JSON = Demand.must(
            "errors.json",
            "an error is JSON, never a page or a stack trace",
            "openai-chat 9",
            "answer errors of the framework and of proxies in JSON too");
    private static final Demand TYPE = Demand.must(
            "errors.content-type",
            "the content-type of an error is application/json",
            "openai-chat 9",
            "set content-type: application/json; SDKs show no message otherwise");
    private static final Demand SHAPE = Demand.must(
            "errors.shape",
            "the body is {\"error\": {…}} with message and type as texts",
            "openai-chat 9",
            "write the four keys message, type, param and code");
    private static final Demand KEYS = Demand.should(
            "errors.keys",
            "the error has param and code too, null where there is nothing to say",
            "openai-chat 9",
            "write \"param\": null and \"code\": null");
    private static final Demand BAD_JSON =
            refused("errors.bad-json", "a body that is no JSON is 400", "parse the body before anything else");
    private static final Demand NO_MESSAGES =
            refused("errors.no-messages", "a request without messages is 400 or 422", "check for the field");
    private static final Demand MODEL = refused(
            "errors.unknown-model",
            "a model that does not exist is 404 (or 400)",
            "refuse it with code model_not_found instead of serving another model");
    private static final Demand STREAM = refused(
            "errors.before-a-stream",
            "what fails before the stream begins is an ordinary error",
            "send the head of the stream once there is something to stream");
    private static final Demand METHOD = refused(
            "errors.wrong-method", "PUT at the chat door is 405 (or 404)", "name the methods that the door has");
    private static final Demand MEDIA = Demand.should(
            "errors.wrong-content-type",
            "a body that is declared as text/plain is 415 or 400",
            "openai-chat 9",
            "ask for application/json: browsers send text/plain to foreign sites without asking");
    private static final Demand PATH =
            refused("errors.unknown-path", "a path that does not exist is 404", "answer it in JSON");
    private static final Demand KEY =
            refused("errors.wrong-key", "a wrong key is 401 (or 403)", "check keys before anything else");

    private static final String NO_MODEL = "mehari-conformance-no-such-model";

    private static Demand refused(String id, String text, String advice) {
        return Demand.must(id, text, "openai-chat 9", advice);
    }

    @Override
    public String title() {
        return "errors";
    }

    @Override
    public List<Demand> demands() {
        return List.of(STATUS, JSON, TYPE, SHAPE, KEYS, BAD_JSON, NO_MESSAGES, MODEL, STREAM, METHOD, MEDIA, PATH, KEY);
    }

    @Override
    public void check(Session session) {
        Prompts nobody = new Prompts(NO_MODEL);
        Ask hello = Ask.post("/chat/completions", session.prompts().hello());
        refuse(session, BAD_JSON, Ask.post("/chat/completions", "{\"model\": "), Set.of(400, 422));
        String bare = session.prompts().ask(Prompts.HELLO, body -> body.remove("messages"));
        refuse(session, NO_MESSAGES, Ask.post("/chat/completions", bare), Set.of(400, 422));
        refuse(session, MODEL, Ask.post("/chat/completions", nobody.hello()), Set.of(400, 404));
        refuse(session, STREAM, Ask.post("/chat/completions", nobody.helloStream()), Set.of(400, 404));
        refuse(session, METHOD, hello.by("PUT"), Set.of(405, 404));
        refuse(session, PATH, Ask.get("/no-such-path"), Set.of(404));
        refuse(session, MEDIA, hello.with("content-type", "text/plain"), Set.of(400, 415, 422));
        keys(session, hello);
    }

    private static void keys(Session session, Ask hello) {
        if (session.endpoint().target().key() == null) {
            session.sheet().unchecked(List.of(KEY), "give --key: without one the endpoint is open");
        } else if (session.endpoint().send(hello.as(null)).ok()) {
            session.sheet().unchecked(List.of(KEY), "the endpoint is open: it answers without a key too");
        } else {
            refuse(session, KEY, hello.as("sk-mehari-conformance-wrong"), Set.of(401, 403));
        }
    }

    private static void refuse(Session session, Demand demand, Ask ask, Set<Integer> expected) {
        Sheet sheet = session.sheet();
        Answer answer = session.endpoint().send(ask);
        if (answer.status() < 400 && saysError(answer)) {
            sheet.judge(STATUS, seen(demand, answer));
            sheet.unchecked(List.of(demand), "it is refused with status " + answer.status() + " (errors.status)");
            return;
        }
        sheet.judge(demand, expected.contains(answer.status()), answer::excerpt);
        if (answer.status() >= 400) {
            sheet.judge(STATUS, null);
            body(sheet, demand, answer);
        }
    }

    private static boolean saysError(Answer answer) {
        return answer.json().hasNonNull("error") || ChatStream.of(answer).error() != null;
    }

    private static void body(Sheet sheet, Demand demand, Answer answer) {
        JsonNode json = answer.json();
        if (!sheet.judge(JSON, json.isContainerNode(), () -> seen(demand, answer))) {
            return;
        }
        sheet.judge(TYPE, answer.type().equals("application/json"), () -> seen(demand, answer));
        JsonNode error = json.path("error");
        boolean shape = error.path("message").isTextual()
                && !error.path("message").asText().isBlank()
                && error.path("type").isTextual();
        if (sheet.judge(SHAPE, shape, () -> seen(demand, answer))) {
            sheet.judge(KEYS, error.has("param") && error.has("code"), () -> seen(demand, answer));
        }
    }

    private static String seen(Demand demand, Answer answer) {
        return demand.id() + ": " + answer.excerpt();
    }
}
