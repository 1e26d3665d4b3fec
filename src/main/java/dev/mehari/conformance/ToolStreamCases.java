package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.conformance.ChatStream.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tool calls in streams, piece by piece. */
final class ToolStreamCases implements Cases {
    private static final Demand CALLED = Demand.must(
            "tool-stream.called",
            "tool_choice \"required\" is streamed as a call",
            "openai-chat 8.2",
            "check that tools reach the model for streams too");
    private static final Demand INDEX = Demand.must(
            "tool-stream.index",
            "each piece of a call carries its index; calls count from 0 without a gap",
            "openai-chat 8.2",
            "number the calls of a message 0, 1, 2 and write the number into each piece");
    private static final Demand HEADER = Demand.must(
            "tool-stream.header",
            "the first piece of a call has its id, type \"function\" and the whole name",
            "openai-chat 8.2",
            "send id, type and name before any arguments");
    private static final Demand ID = Demand.must(
            "tool-stream.id-once",
            "no later piece of a call has another id or name",
            "pitfalls P05",
            "leave id and name out after the first piece: clients take another id for another call");
    private static final Demand ARGUMENTS = Demand.must(
            "tool-stream.arguments",
            "the pieces of a call's arguments, joined, are a JSON object",
            "openai-chat 8.2",
            "begin with \"\", never with \"{}\"; send each piece once, as a string");
    private static final Demand FINISH = Demand.must(
            "tool-stream.finish",
            "a stream with calls ends with finish_reason tool_calls",
            "pitfalls P06",
            "map the model's own end to tool_calls when there was a call");
    private static final Demand PARALLEL = Demand.must(
            "tool-stream.parallel",
            "calls of one answer have an index and an id each",
            "pitfalls P01",
            "count the calls, not the content blocks");

    /** One call, as its pieces make it. */
    private static final class Call {
        private final String id;
        private final String name;
        private final StringBuilder arguments = new StringBuilder();

        Call(JsonNode header) {
            id = header.path("id").asText("");
            name = header.path("function").path("name").asText("");
        }

        boolean isOther(JsonNode piece) {
            return piece.hasNonNull("id") && !piece.path("id").asText().equals(id)
                    || piece.path("function").hasNonNull("name")
                            && !piece.path("function").path("name").asText().equals(name);
        }
    }

    @Override
    public String title() {
        return "tools in streams";
    }

    @Override
    public List<Demand> demands() {
        return List.of(CALLED, INDEX, HEADER, ID, ARGUMENTS, FINISH, PARALLEL);
    }

    @Override
    public void check(Session session) {
        judge(session.sheet(), session.stream("a tool call", session.prompts().oneTool(true)));
        Map<Integer, Call> two = judge(
                session.sheet(),
                session.stream("two tool calls", session.prompts().twoTools(true)));
        if (two.size() == 1) {
            session.sheet().unchecked(List.of(PARALLEL), "the model made one call where two were asked for");
        } else if (!two.isEmpty()) {
            long ids = two.values().stream().map(call -> call.id).distinct().count();
            session.sheet().judge(PARALLEL, ids == two.size(), () -> two.size() + " calls share " + ids + " ids");
        }
    }

    /** @return the calls by their index; none where they cannot be told apart */
    private static Map<Integer, Call> judge(Sheet sheet, ChatStream stream) {
        Map<Integer, Call> calls = new TreeMap<>();
        List<Chunk> chunks = stream.chunks().stream()
                .filter(chunk -> !chunk.delta().path("tool_calls").isEmpty())
                .toList();
        if (!sheet.judge(
                CALLED, !chunks.isEmpty(), () -> Answer.cut(stream.answer().text()))) {
            return calls;
        }
        for (Chunk chunk : chunks) {
            for (JsonNode piece : chunk.delta().path("tool_calls")) {
                int index = piece.path("index").asInt(-1);
                boolean known = piece.path("index").isIntegralNumber() && index >= 0 && index <= calls.size();
                if (!sheet.judge(INDEX, known, () -> Answer.cut(chunk.data()))) {
                    return Map.of();
                }
                add(sheet, calls, index, piece);
            }
        }
        ends(sheet, stream, new ArrayList<>(calls.values()));
        return calls;
    }

    private static void add(Sheet sheet, Map<Integer, Call> calls, int index, JsonNode piece) {
        Call call = calls.get(index);
        if (call == null) {
            call = new Call(piece);
            calls.put(index, call);
            boolean whole = !call.id.isEmpty()
                    && !call.name.isEmpty()
                    && piece.path("type").asText().equals("function");
            sheet.judge(HEADER, whole, () -> Answer.cut(piece.toString()));
        } else {
            sheet.judge(ID, !call.isOther(piece), () -> Answer.cut(piece.toString()));
        }
        JsonNode arguments = piece.path("function").path("arguments");
        boolean text = arguments.isTextual() || arguments.isNull() || arguments.isMissingNode();
        sheet.judge(ARGUMENTS, text, () -> Answer.cut(piece.toString()));
        call.arguments.append(arguments.isTextual() ? arguments.asText() : "");
    }

    private static void ends(Sheet sheet, ChatStream stream, List<Call> calls) {
        for (Call call : calls) {
            String joined = call.arguments.toString();
            sheet.judge(ARGUMENTS, Json.isObject(joined), () -> call.name + ": " + Answer.cut(joined));
        }
        stream.chunks().stream()
                .filter(Chunk::finishes)
                .findFirst()
                .ifPresent(chunk -> sheet.judge(
                        FINISH,
                        chunk.choice().path("finish_reason").asText().equals("tool_calls"),
                        () -> Answer.cut(chunk.data())));
    }
}
