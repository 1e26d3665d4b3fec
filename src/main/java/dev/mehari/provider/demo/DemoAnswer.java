package dev.mehari.provider.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import dev.mehari.chat.Playback.Step;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Tool;
import dev.mehari.chat.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the demo provider answers. The same request gets the same answer; how it is timed, and whether it fails, the
 * model's name says ({@link DemoModel}).
 *
 * <p>It echoes the last user message, calls a tool when asked to ({@link DemoCalls}), quotes a tool's result, and
 * writes JSON when a response format wants it. {@code n}, {@code max_tokens} (a word is a token; calls are never cut)
 * and {@code stop} are kept. Stateless and thread-safe.
 */
public final class DemoAnswer {
    private final Duration wordDelay;

    /**
     * With the delay before each word of a plain {@code demo} model.
     *
     * @param wordDelay zero: everything at once
     */
    public DemoAnswer(Duration wordDelay) {
        this.wordDelay = wordDelay;
    }

    /** The answer of a model that the client asked for by its own name. */
    public DemoScript script(ChatRequest request, String model, String id, long created) {
        return script(request, model, model, id, created);
    }

    /**
     * The answer to a request. It always ends with {@link ChatEvent.End} or, for {@code demo-cut}, a failure.
     *
     * @param model the demo model's name, as routing resolved it: it says how to behave
     * @param alias the name the client used, which the answer carries
     * @param id the answer's id, {@code chatcmpl-…}; ids of tool calls are made from it
     * @param created Unix seconds
     * @throws GatewayException at once, when the model's name asks for it ({@code demo-error-503}), or when the request
     *     demands a kind of tool that the demo provider does not call
     */
    public DemoScript script(ChatRequest request, String model, String alias, String id, long created) {
        DemoModel how = DemoModel.named(model, wordDelay);
        GatewayException failure = how.failure();
        if (failure != null) {
            throw failure;
        }
        List<Tool.Function> wanted = DemoCalls.wanted(request);
        DemoBody body = wanted.isEmpty() ? text(request) : DemoBody.calls(DemoCalls.calls(wanted, id));
        return script(new ChatEvent.Start(id, alias, created), body, request, how);
    }

    private static DemoScript script(ChatEvent.Start start, DemoBody body, ChatRequest request, DemoModel how) {
        Integer n = request.sampling().n();
        int choices = n == null ? 1 : n;
        List<Step> steps = new ArrayList<>();
        steps.add(Step.now(start));
        int words = how.cut() ? Math.min(DemoModel.WORDS_BEFORE_CUT, body.size()) : body.size();
        for (int word = 0; word < words; word++) {
            Duration delay = word == 0 ? how.firstDelay() : how.wordDelay();
            for (int choice = 0; choice < choices; choice++) {
                steps.add(new Step(choice == 0 ? delay : Duration.ZERO, body.event(choice, word)));
            }
        }
        if (how.cut()) {
            var cut = new GatewayException.UpstreamProtocol(
                    "the demo provider broke off after " + words + " words, as the model \"demo-cut\" asks for");
            steps.add(new Step(how.wordDelay(), new ChatEvent.Failure(cut)));
            return new DemoScript(steps);
        }
        for (int choice = 0; choice < choices; choice++) {
            steps.add(Step.now(new ChatEvent.Finish(choice, body.finish())));
        }
        long promptWords = request.messages().stream()
                .mapToLong(message -> words(message.text()))
                .sum();
        steps.add(Step.now(new ChatEvent.UsageReport(Usage.of((long) promptWords, (long) words * choices))));
        steps.add(Step.now(new ChatEvent.End()));
        return new DemoScript(steps);
    }

    private static DemoBody text(ChatRequest request) {
        String sentence = DemoSentence.answering(request.messages());
        List<String> stop = request.sampling().stop();
        Integer maxTokens = request.sampling().maxTokens();
        return switch (request.output().format()) {
            case ResponseFormat.JsonObject any -> {
                String json = Json.text(JsonNodeFactory.instance.objectNode().put("message", sentence));
                yield DemoBody.text(DemoBody.pieces(json), stop, maxTokens);
            }
            case ResponseFormat.JsonSchema schema -> {
                String json = Json.text(SchemaSample.of(schema.schema()));
                yield DemoBody.text(DemoBody.pieces(json), stop, maxTokens);
            }
            case ResponseFormat.Text plain -> DemoBody.text(DemoBody.words(sentence), stop, maxTokens);
            case null -> DemoBody.text(DemoBody.words(sentence), stop, maxTokens);
        };
    }

    private static long words(String text) {
        long words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean letter = !Character.isWhitespace(text.charAt(i));
            words += letter && !inside ? 1 : 0;
            inside = letter;
        }
        return words;
    }
}
