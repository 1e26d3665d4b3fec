package dev.mehari.conformance;

import dev.mehari.conformance.Plan.GatewayPlan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What is asked of a Mehari gateway besides: its headers, its paths, its numbers, and what becomes of calls that are left. */
final class GatewayCases implements Cases {
    private static final Demand HEADERS = Demand.must(
            "gateway.headers",
            "answers tell x-mehari-provider, x-mehari-model and x-mehari-attempts",
            "docs/routing.md",
            "is it a Mehari gateway? A proxy in front may take headers away");
    private static final Demand PATHS = Demand.must(
            "gateway.paths",
            "the chat door is there without /v1 too",
            "openai-chat 1",
            "let a proxy in front pass /chat/completions on as well");
    private static final Demand STATS = Demand.must(
            "gateway.stats",
            "GET /stats tells of groups and models",
            "docs/routing.md",
            "let a proxy in front pass /stats on; from outside it needs --admin-key");
    private static final Demand COUNTED = Demand.must(
            "gateway.counted",
            "a call that was answered shows in /stats",
            "docs/routing.md",
            "several replicas count for themselves: check one at a time");
    private static final Demand LEFT = Demand.must(
            "gateway.cancel",
            "a call whose client left ends upstream at once: it is no longer in flight in /stats",
            "pitfalls P27",
            "a proxy in front must close its connection to the gateway when its client leaves");
    private static final Demand ADMIN = Demand.must(
            "gateway.admin",
            "/admin opens with the admin key and with nothing else",
            "docs/security.md",
            "check MEHARI_ADMIN_KEY");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int MOST_TRIES = 3;

    private final GatewayPlan gateway;

    GatewayCases(GatewayPlan gateway) {
        this.gateway = gateway;
    }

    @Override
    public String title() {
        return "the gateway: headers, /stats, clients that leave";
    }

    @Override
    public List<Demand> demands() {
        return List.of(HEADERS, PATHS, STATS, COUNTED, LEFT, ADMIN);
    }

    @Override
    public void check(Session session) {
        Sheet sheet = session.sheet();
        GatewayStats before = GatewayStats.read(session, gateway.adminKey());
        Answer answer = session.chat(session.prompts().ask(Prompts.HELLO, CacheCases::passBy));
        boolean told = !answer.header("x-mehari-provider").isEmpty()
                && !answer.header("x-mehari-model").isEmpty()
                && answer.header("x-mehari-attempts").matches("[1-9]\\d*");
        sheet.judge(HEADERS, told, () -> "one of them is missing; " + answer.excerpt());
        Ask root = Ask.post("/chat/completions", session.prompts().hello()).atRoot();
        Answer atRoot = session.endpoint().send(root);
        sheet.judge(PATHS, atRoot.ok(), atRoot::excerpt);
        stats(session, before);
        admin(session);
    }

    private void stats(Session session, GatewayStats before) {
        Sheet sheet = session.sheet();
        if (before.closed() && gateway.adminKey() == null) {
            sheet.unchecked(List.of(STATS, COUNTED, LEFT), "/stats is closed: give --admin-key");
            return;
        }
        if (!sheet.judge(STATS, before.good(), before.answer()::excerpt)) {
            return;
        }
        GatewayStats after = GatewayStats.read(session, gateway.adminKey());
        sheet.judge(COUNTED, successes(after) > successes(before), () -> "successes stay at " + successes(after));
        Verdict verdict = leave(session);
        // Whether a quick answer is caught in its middle is a matter of luck.
        for (int again = 1; again < MOST_TRIES && verdict instanceof Verdict.Unchecked; again++) {
            verdict = leave(session);
        }
        sheet.note(LEFT, verdict);
    }

    private static long successes(GatewayStats stats) {
        return stats.deployments(null).stream()
                .mapToLong(deployment -> deployment.path("successes").asLong())
                .sum();
    }

    private Verdict leave(Session session) {
        GatewayStats before = GatewayStats.read(session, gateway.adminKey());
        String body = session.prompts().ask(Prompts.LONG, ask -> {
            CacheCases.passBy(ask);
            ask.put("stream", true);
        });
        session.leave(body);
        long begun = System.nanoTime();
        GatewayStats now = GatewayStats.read(session, gateway.adminKey());
        while (now.inFlight() > before.inFlight() && System.nanoTime() - begun < LONGEST_WAIT.toNanos()) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            now = GatewayStats.read(session, gateway.adminKey());
        }
        if (now.inFlight() > before.inFlight()) {
            return new Verdict.Broken("after " + LONGEST_WAIT.toSeconds() + " s " + now.inFlight()
                    + " calls are in flight, " + before.inFlight() + " were before");
        }
        if (now.left() > before.left()) {
            return new Verdict.Kept();
        }
        return System.nanoTime() - begun > SOON.toNanos()
                ? new Verdict.Broken("the call went on to its end after its client had left")
                : new Verdict.Unchecked("the answer was over before it could be left");
    }

    private void admin(Session session) {
        if (gateway.adminKey() == null) {
            session.sheet().unchecked(List.of(ADMIN), "give --admin-key");
            return;
        }
        Ask ask = Ask.get("/admin/usage").atRoot();
        Answer open = session.endpoint().send(ask.as(gateway.adminKey()));
        Answer closed = session.endpoint().send(ask.as(null));
        boolean kept = open.ok() && closed.status() == 401;
        session.sheet().judge(ADMIN, kept, () -> "with the key " + open.excerpt() + "; without " + closed.excerpt());
    }
}
