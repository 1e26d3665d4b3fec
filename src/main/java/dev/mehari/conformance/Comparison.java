package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.ChatStream.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asks two endpoints the same and compares the shapes of what comes back: fields, types, order, errors. */
final class Comparison {
    private static final String NOTHING = "-";

    private final List<Difference> differences = new ArrayList<>();
    private final Endpoint here;
    private final Endpoint there;

    Comparison(Endpoint here, Endpoint there) {
        this.here = here;
        this.there = there;
    }

    /** A request for the model of either endpoint. */
    private interface Question {
        String to(Prompts prompts);
    }

    List<Difference> compare() {
        whole("a plain answer", Prompts::hello);
        whole("a tool call", prompts -> prompts.oneTool(false));
        whole("an unknown model", prompts -> new Prompts("mehari-conformance-no-such-model").hello());
        whole("bad JSON", prompts -> "{\"model\": ");
        whole("no messages", prompts -> prompts.ask(Prompts.HELLO, body -> body.remove("messages")));
        stream("a stream", Prompts::helloStream);
        stream("a stream with usage", Prompts::helloStreamWithUsage);
        stream("a stream of a tool call", prompts -> prompts.oneTool(true));
        answers("the list of models", here.send(Ask.get("/models")), there.send(Ask.get("/models")));
        return differences;
    }

    private void whole(String exchange, Question question) {
        answers(exchange, ask(here, question), ask(there, question));
    }

    private void answers(String exchange, Answer ours, Answer theirs) {
        heads(exchange, ours, theirs);
        shapes(exchange, Shape.of(ours.json()), Shape.of(theirs.json()));
        if (ours.status() >= 400 && theirs.status() >= 400) {
            for (String field : List.of("type", "code", "param")) {
                differ(exchange, "error." + field, error(ours, field), error(theirs, field), false);
            }
        }
    }

    private void stream(String exchange, Question question) {
        Answer ours = ask(here, question);
        Answer theirs = ask(there, question);
        heads(exchange, ours, theirs);
        ChatStream our = ChatStream.of(ours);
        ChatStream their = ChatStream.of(theirs);
        if (our.began() && their.began()) {
            differ(exchange, "order", order(our), order(their), true);
            shapes(exchange, shape(our), shape(their));
        }
    }

    private static Answer ask(Endpoint endpoint, Question question) {
        return endpoint.send(Ask.post(
                "/chat/completions", question.to(new Prompts(endpoint.target().model()))));
    }

    private void heads(String exchange, Answer ours, Answer theirs) {
        differ(exchange, "status", status(ours), status(theirs), true);
        differ(exchange, "content-type", ours.type(), theirs.type(), true);
    }

    private void shapes(String exchange, Shape ours, Shape theirs) {
        Set<String> paths = new TreeSet<>(ours.types().keySet());
        paths.addAll(theirs.types().keySet());
        for (String path : paths) {
            Set<String> our = ours.types().get(path);
            Set<String> their = theirs.types().get(path);
            if (our == null || their == null) {
                // A field below one that is missing says nothing new.
                if (ours.types().containsKey(above(path)) && theirs.types().containsKey(above(path))) {
                    differ(exchange, path, types(our), types(their), false);
                }
            } else if (!alike(our, their)) {
                differ(exchange, path.isEmpty() ? "body" : path, types(our), types(their), true);
            }
        }
    }

    /** Null here and a value there may be the same field, once with and once without something to say. */
    private static boolean alike(Set<String> ours, Set<String> theirs) {
        Set<String> our = new TreeSet<>(ours);
        Set<String> their = new TreeSet<>(theirs);
        our.remove("null");
        their.remove("null");
        return our.isEmpty() || their.isEmpty() || our.equals(their);
    }

    private static String above(String path) {
        if (path.endsWith("[]")) {
            return path.substring(0, path.length() - 2);
        }
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    private void differ(String exchange, String subject, String ours, String theirs, boolean must) {
        if (!ours.equals(theirs)) {
            differences.add(new Difference(exchange, subject, ours, theirs, must));
        }
    }

    private static Shape shape(ChatStream stream) {
        Shape shape = new Shape();
        stream.chunks().forEach(chunk -> shape.add(chunk.json()));
        return shape;
    }

    /** What came in which order; the same several times in a row is told once. */
    private static String order(ChatStream stream) {
        List<String> steps = new ArrayList<>();
        for (Chunk chunk : stream.chunks()) {
            // A role that comes together with the first text is the same order as one that comes before it.
            if (chunk.delta().hasNonNull("role")) {
                step(steps, "role");
            }
            step(steps, named(chunk));
        }
        for (int i = 0; i < stream.done(); i++) {
            steps.add("[DONE]");
        }
        return String.join(" → ", steps);
    }

    private static void step(List<String> steps, String step) {
        if (!step.isEmpty() && (steps.isEmpty() || !steps.getLast().equals(step))) {
            steps.add(step);
        }
    }

    private static String named(Chunk chunk) {
        if (chunk.choice().isMissingNode()) {
            return chunk.json().hasNonNull("usage") ? "usage" : "";
        }
        if (chunk.finishes()) {
            return "finish";
        }
        if (!chunk.delta().path("tool_calls").isEmpty()) {
            return "call";
        }
        return chunk.speaks() ? "text" : "";
    }

    private static String status(Answer answer) {
        return answer.status() == 0 ? String.valueOf(answer.failure()) : String.valueOf(answer.status());
    }

    private static String error(Answer answer, String field) {
        JsonNode value = answer.json().path("error").path(field);
        return value.isMissingNode() ? NOTHING : value.asText();
    }

    private static String types(@Nullable Set<String> types) {
        return types == null ? NOTHING : String.join(" or ", types);
    }
}
