package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A question and its whole answer. */
final class PlainCases implements Cases {
    private static final Demand ANSWERS = Demand.must(
            "plain.answers", "a short question is answered with 200", "openai-chat 6", "look at the server's log");
    private static final Demand TYPE = Demand.must(
            "plain.content-type",
            "the content-type is application/json",
            "openai-chat 1",
            "set content-type: application/json; SDKs take the body for text otherwise");
    private static final Demand HEAD = Demand.must(
            "plain.head",
            "id and model are texts, object is \"chat.completion\"",
            "openai-chat 6",
            "write these fields as OpenAI does; typed clients fail without them");
    private static final Demand CREATED = Demand.must(
            "plain.created",
            "created is whole seconds since 1970",
            "openai-chat 6",
            "write seconds as an integer, not milliseconds, not a fraction");
    private static final Demand CHOICES = Demand.must(
            "plain.choices",
            "choices is an array with one choice of index 0",
            "openai-chat 6",
            "write one object a choice, with its index");
    private static final Demand MESSAGE = Demand.must(
            "plain.message",
            "the message has role \"assistant\" and the key content, a string or null",
            "openai-chat 6",
            "write content even when it is null");
    private static final Demand NO_CALLS = Demand.must(
            "plain.no-empty-calls",
            "tool_calls is left out when there are none",
            "openai-chat 6",
            "leave the key out; clients take [] for a message with calls");
    private static final Demand FINISH = Demand.must(
            "plain.finish",
            "finish_reason is one of OpenAI's",
            "openai-chat 6",
            "map the model's own reason to stop, length, tool_calls or content_filter");
    private static final Demand USAGE = Demand.must(
            "plain.usage",
            "usage has prompt_tokens, completion_tokens and their sum, none below 0",
            "openai-chat 7",
            "count tokens, or leave usage out where they are not known");
    private static final Demand REQUEST_ID = Demand.should(
            "plain.request-id",
            "the answer carries x-request-id",
            "openai-chat 10",
            "send one: SDKs show it, and users quote it when they ask for help");
    private static final Demand UNKNOWN_FIELDS = Demand.should(
            "plain.unknown-fields",
            "a field that nobody knows does not fail the request",
            "openai-chat 15",
            "pass over unknown fields; voice platforms send several of their own");
    private static final Demand LARGE = Demand.must(
            "plain.large-body",
            "a body of 1 MB is taken: images travel in bodies",
            "openai-chat 3",
            "raise the server's or the proxy's limit on bodies (client_max_body_size in nginx)");

    @Override
    public String title() {
        return "a plain answer";
    }

    @Override
    public List<Demand> demands() {
        return List.of(
                ANSWERS,
                TYPE,
                HEAD,
                CREATED,
                CHOICES,
                MESSAGE,
                NO_CALLS,
                FINISH,
                USAGE,
                REQUEST_ID,
                UNKNOWN_FIELDS,
                LARGE);
    }

    @Override
    public void check(Session session) {
        Sheet sheet = session.sheet();
        Answer answer = session.chat(session.prompts().hello());
        if (sheet.judge(ANSWERS, answer.ok(), answer::excerpt)) {
            body(sheet, answer);
        }
        Answer strange = session.chat(session.prompts()
                .ask(Prompts.HELLO, body -> body.putObject("x_conformance").put("a", 1)));
        sheet.judge(UNKNOWN_FIELDS, strange.ok(), strange::excerpt);
        // Blanks between tokens of JSON: a large body that costs no tokens.
        String blanks = " ".repeat(1024 * 1024);
        Answer large = session.chat(session.prompts().hello().replaceFirst("\\{", "{" + blanks));
        sheet.judge(LARGE, large.ok(), large::excerpt);
    }

    private static void body(Sheet sheet, Answer answer) {
        sheet.judge(
                TYPE, answer.type().equals("application/json"), () -> "content-type: " + answer.header("content-type"));
        sheet.judge(REQUEST_ID, !answer.header("x-request-id").isEmpty(), () -> "it is not there");
        JsonNode body = answer.json();
        JsonNode choice = body.path("choices").path(0);
        JsonNode message = choice.path("message");
        boolean head = body.path("id").isTextual()
                && !body.path("id").asText().isEmpty()
                && body.path("model").isTextual()
                && body.path("object").asText().equals("chat.completion");
        sheet.judge(HEAD, head, answer::excerpt);
        sheet.judge(CREATED, StreamOrder.seconds(body.path("created")), () -> "created is " + body.path("created"));
        sheet.judge(
                CHOICES,
                body.path("choices").size() == 1 && choice.path("index").asInt(-1) == 0,
                () -> "choices is " + Answer.cut(body.path("choices").toString()));
        JsonNode content = message.path("content");
        boolean whole = message.path("role").asText().equals("assistant") && (content.isTextual() || content.isNull());
        sheet.judge(MESSAGE, whole, () -> "message is " + Answer.cut(message.toString()));
        sheet.judge(
                NO_CALLS,
                !message.has("tool_calls") || !message.path("tool_calls").isEmpty(),
                () -> "tool_calls is " + message.path("tool_calls"));
        sheet.judge(
                FINISH,
                StreamOrder.REASONS.contains(choice.path("finish_reason").asText()),
                () -> "finish_reason is " + choice.path("finish_reason"));
        sheet.judge(USAGE, Tokens.problem(body.path("usage")));
    }
}
