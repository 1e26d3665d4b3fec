package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tool calls in whole answers, what comes after them, and structured output. */
final class ToolCases implements Cases {
    private static final Demand CALLED = Demand.must(
            "tools.called",
            "tool_choice \"required\" is answered with a call of an offered function",
            "openai-chat 4",
            "check that the model can call tools, and that tools and tool_choice reach it");
    private static final Demand SHAPE = Demand.must(
            "tools.shape",
            "each call has an id, type \"function\" and function.name",
            "openai-chat 4",
            "make up an id where the model gives none");
    private static final Demand ARGUMENTS = Demand.must(
            "tools.arguments",
            "arguments is a string that holds a JSON object",
            "openai-chat 4",
            "write the object as a string, \"{}\" where there are none");
    private static final Demand FINISH = Demand.must(
            "tools.finish",
            "an answer with calls ends with finish_reason tool_calls",
            "pitfalls P06",
            "agents go by it: map the model's own end to tool_calls when there is a call");
    private static final Demand CONTENT = Demand.must(
            "tools.content",
            "a message of calls has the key content, null when there is no text",
            "openai-chat 6",
            "write \"content\": null");
    private static final Demand ROUND = Demand.must(
            "tools.results",
            "the results of the calls are taken, and answered in words or by a call",
            "openai-chat 3",
            "accept the assistant's message as it was sent, and a tool message for each call");
    private static final Demand PARALLEL = Demand.must(
            "tools.parallel-ids",
            "calls of one answer have different ids",
            "pitfalls P01",
            "make one id a call; results are matched by it");
    private static final Demand STRUCTURED = Demand.must(
            "structured.answers",
            "response_format json_schema is answered with 200",
            "openai-chat 5",
            "pass the schema on, or emulate it; look at the server's log");
    private static final Demand JSON = Demand.must(
            "structured.json",
            "the content is JSON and nothing else",
            "openai-chat 5",
            "no code fence and no words around it");
    private static final Demand SCHEMA = Demand.must(
            "structured.schema",
            "the JSON is as the schema says",
            "openai-chat 5",
            "check that strict and the schema reach the model");
    private static final Demand NO_CALL = Demand.must(
            "structured.no-call",
            "structured output does not show as a tool call",
            "pitfalls P46",
            "take the arguments of an emulating call as content, and stop as finish_reason");

    @Override
    public String title() {
        return "tools and structured output";
    }

    @Override
    public List<Demand> demands() {
        return List.of(CALLED, SHAPE, ARGUMENTS, FINISH, CONTENT, ROUND, PARALLEL, STRUCTURED, JSON, SCHEMA, NO_CALL);
    }

    @Override
    public void check(Session session) {
        Answer one = session.chat(session.prompts().oneTool(false));
        if (calls(session.sheet(), one)) {
            JsonNode message = one.json().path("choices").path(0).path("message");
            Answer next = session.chat(session.prompts().results(message));
            session.sheet().judge(ROUND, next.ok() && speaks(next), next::excerpt);
        }
        Answer two = session.chat(session.prompts().twoTools(false));
        if (calls(session.sheet(), two)) {
            parallel(session.sheet(), two);
        }
        structured(session);
    }

    /** @return whether there is a call */
    private static boolean calls(Sheet sheet, Answer answer) {
        JsonNode choice = answer.json().path("choices").path(0);
        JsonNode message = choice.path("message");
        JsonNode calls = message.path("tool_calls");
        if (!sheet.judge(CALLED, answer.ok() && offered(calls), answer::excerpt)) {
            return false;
        }
        for (JsonNode call : calls) {
            boolean shape = !call.path("id").asText("").isEmpty()
                    && call.path("type").asText().equals("function");
            sheet.judge(SHAPE, shape, () -> Answer.cut(call.toString()));
            JsonNode arguments = call.path("function").path("arguments");
            boolean object = arguments.isTextual() && Json.isObject(arguments.asText());
            sheet.judge(ARGUMENTS, object, () -> "arguments is " + Answer.cut(arguments.toString()));
        }
        String finish = choice.path("finish_reason").asText();
        sheet.judge(FINISH, finish.equals("tool_calls"), () -> "finish_reason is " + choice.path("finish_reason"));
        sheet.judge(CONTENT, message.has("content"), () -> Answer.cut(message.toString()));
        return true;
    }

    private static boolean offered(JsonNode calls) {
        Set<String> names = new HashSet<>();
        calls.forEach(call -> names.add(call.path("function").path("name").asText()));
        return !names.isEmpty() && Set.of(Prompts.WEATHER, Prompts.CLOCK).containsAll(names);
    }

    private static boolean speaks(Answer answer) {
        JsonNode message = answer.json().path("choices").path(0).path("message");
        return !message.path("content").asText("").isEmpty()
                || !message.path("tool_calls").isEmpty();
    }

    private static void parallel(Sheet sheet, Answer answer) {
        JsonNode calls = answer.json().path("choices").path(0).path("message").path("tool_calls");
        if (calls.size() < 2) {
            sheet.unchecked(List.of(PARALLEL), "the model made one call where two were asked for");
            return;
        }
        Set<String> ids = new HashSet<>();
        calls.forEach(call -> ids.add(call.path("id").asText()));
        sheet.judge(PARALLEL, ids.size() == calls.size(), () -> Answer.cut(calls.toString()));
    }

    private static void structured(Session session) {
        Sheet sheet = session.sheet();
        Answer answer = session.chat(session.prompts().structured());
        if (!sheet.judge(STRUCTURED, answer.ok(), answer::excerpt)) {
            return;
        }
        JsonNode message = answer.json().path("choices").path(0).path("message");
        sheet.judge(NO_CALL, message.path("tool_calls").isEmpty(), answer::excerpt);
        String content = message.path("content").asText("");
        if (sheet.judge(JSON, Json.isObject(content), () -> "content is " + Answer.cut(content))) {
            sheet.judge(SCHEMA, mismatch(Prompts.tree(content)));
        }
    }

    private static @Nullable String mismatch(JsonNode city) {
        boolean fits = city.size() == 2
                && city.path("city").isTextual()
                && city.path("population").isIntegralNumber();
        return fits ? null : "for the schema " + Prompts.schema() + " the content is " + Answer.cut(city.toString());
    }
}
