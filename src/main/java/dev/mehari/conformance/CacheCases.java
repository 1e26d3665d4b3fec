package dev.mehari.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.conformance.Plan.GatewayPlan;
import java.util.List;
import java.util.UUID;

/** Answers that a gateway gives again. */
final class CacheCases implements Cases {
    private static final Demand HIT = Demand.must(
            "cache.hit",
            "the same question with temperature 0 is answered again from the cache: x-cache MISS, then HIT",
            "docs/caching.md",
            "see which requests are the same, and what is never kept");
    private static final Demand SAME = Demand.must(
            "cache.same",
            "what is given again has the same text, another id, and its age",
            "docs/caching.md",
            "report it: an answer of the cache was changed");
    private static final Demand REPLAY = Demand.must(
            "cache.replay",
            "what was kept as JSON is given again as a stream, in several chunks with the same text",
            "docs/caching.md",
            "report it: streams from the cache must look like any other");
    private static final Demand BYPASS = Demand.must(
            "cache.bypass",
            "cache-control: no-cache, no-store passes the cache by",
            "docs/caching.md",
            "a proxy in front must pass cache-control on");
    private static final List<Demand> ALL = List.of(HIT, SAME, REPLAY, BYPASS);

    private final GatewayPlan gateway;

    CacheCases(GatewayPlan gateway) {
        this.gateway = gateway;
    }

    /** Asks for an answer of a provider, whatever is kept. */
    static void passBy(ObjectNode body) {
        body.putObject("cache").put("no-cache", true).put("no-store", true);
    }

    @Override
    public String title() {
        return "the gateway's cache";
    }

    @Override
    public List<Demand> demands() {
        return ALL;
    }

    @Override
    public void check(Session session) {
        Sheet sheet = session.sheet();
        String model = gateway.cachedModel() == null ? session.prompts().model() : gateway.cachedModel();
        // What nobody has asked before.
        String question = "Say hello to " + UUID.randomUUID() + " in one short sentence.";
        Answer first = session.chat(ask(model, question, false));
        if (first.ok() && first.header("x-cache").isEmpty()) {
            sheet.unchecked(ALL, "nothing is cached for " + model + ": turn it on, or give --cached-model");
            return;
        }
        Answer second = session.chat(ask(model, question, false));
        boolean hit = first.header("x-cache").equals("MISS")
                && second.header("x-cache").equals("HIT");
        sheet.judge(HIT, hit, () -> "x-cache was " + first.header("x-cache") + ", then " + second.header("x-cache"));
        if (!hit) {
            return;
        }
        boolean same = text(first).equals(text(second))
                && !first.json().path("id").equals(second.json().path("id"))
                && second.header("age").matches("\\d+");
        sheet.judge(SAME, same, () -> "age: " + second.header("age") + "; " + second.excerpt());
        ChatStream replay = session.stream("from the cache", ask(model, question, true));
        boolean again = replay.answer().header("x-cache").equals("HIT")
                && replay.text().equals(text(first))
                && replay.spoken().size() > 1;
        sheet.judge(
                REPLAY,
                again,
                () -> "x-cache: " + replay.answer().header("x-cache") + ", "
                        + replay.spoken().size() + " chunks; " + replay.answer().excerpt());
        Answer past = session.endpoint()
                .send(Ask.post("/chat/completions", ask(model, question, false))
                        .with("cache-control", "no-cache, no-store"));
        sheet.judge(BYPASS, past.header("x-cache").equals("BYPASS"), () -> "x-cache was " + past.header("x-cache"));
    }

    private static String ask(String model, String question, boolean stream) {
        return new Prompts(model)
                .ask(question, body -> body.put("temperature", 0).put("stream", stream));
    }

    private static String text(Answer answer) {
        return answer.json()
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText("");
    }
}
