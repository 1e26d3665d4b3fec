package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.Plan.GatewayPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Model groups and limits of a gateway. */
final class GroupCases implements Cases {
    private static final Demand BALANCE = Demand.must(
            "group.balance",
            "calls of a group go to more than one of its deployments",
            "docs/routing.md",
            "see the states of the group's deployments in /stats: those that cool down are left out");
    private static final Demand FAILOVER = Demand.must(
            "group.failover",
            "when the first deployment fails the next one answers, and the client sees nothing but x-mehari-attempts",
            "docs/routing.md",
            "see /stats: is there a deployment of a later priority that is well?");
    private static final Demand FAILOVER_STREAM = Demand.must(
            "group.failover-stream",
            "that holds of streams too",
            "pitfalls P10",
            "report it: before the first token a stream may still change its deployment");
    private static final Demand LIMIT = Demand.must(
            "limits.refused",
            "calls above a key's limit are 429 with type, retry-after and OpenAI's x-ratelimit headers",
            "docs/keys.md",
            "does the key have a limit, below " + GroupCases.MOST_CALLS + " requests a minute?");
    private static final Demand COUNTDOWN = Demand.must(
            "limits.countdown",
            "x-ratelimit-remaining-requests goes down with each call",
            "docs/keys.md",
            "report it: clients pace themselves by it");

    private static final int BALANCED_CALLS = 20;
    private static final int MOST_CALLS = 60;

    private final GatewayPlan gateway;

    GroupCases(GatewayPlan gateway) {
        this.gateway = gateway;
    }

    @Override
    public String title() {
        return "the gateway's groups and limits";
    }

    @Override
    public List<Demand> demands() {
        return List.of(BALANCE, FAILOVER, FAILOVER_STREAM, LIMIT, COUNTDOWN);
    }

    @Override
    public void check(Session session) {
        if (gateway.group() == null) {
            session.sheet().unchecked(List.of(BALANCE), "give --group");
        } else {
            balance(session, gateway.group());
        }
        if (gateway.failoverGroup() == null) {
            session.sheet().unchecked(List.of(FAILOVER, FAILOVER_STREAM), "give --failover-group");
        } else {
            failover(session, gateway.failoverGroup());
        }
        if (gateway.limitedKey() == null) {
            session.sheet().unchecked(List.of(LIMIT, COUNTDOWN), "give --limited-key");
        } else {
            limits(session, gateway.limitedKey());
        }
    }

    private static void balance(Session session, String group) {
        Set<String> served = new TreeSet<>();
        for (int i = 0; i < BALANCED_CALLS; i++) {
            Answer answer = session.chat(ask(group, false));
            if (!answer.ok()) {
                session.sheet().judge(BALANCE, "call " + (i + 1) + ": " + answer.excerpt());
                return;
            }
            served.add(answer.header("x-mehari-provider") + "/" + answer.header("x-mehari-model"));
        }
        session.sheet().judge(BALANCE, served.size() > 1, () -> BALANCED_CALLS + " calls were all served by " + served);
    }

    private void failover(Session session, String group) {
        Answer answer = session.chat(ask(group, false));
        session.sheet()
                .judge(
                        FAILOVER,
                        answer.ok() && wentOn(session, group, answer),
                        () -> "x-mehari-attempts: " + answer.header("x-mehari-attempts") + "; " + answer.excerpt());
        ChatStream stream = session.stream("failover", ask(group, true));
        boolean streamed = stream.answer().ok() && stream.done() == 1 && wentOn(session, group, stream.answer());
        session.sheet()
                .judge(
                        FAILOVER_STREAM,
                        streamed,
                        () -> "x-mehari-attempts: " + stream.answer().header("x-mehari-attempts") + "; "
                                + stream.answer().excerpt());
    }

    /** Either this call was tried twice, or /stats tells that the failing deployment is left out since earlier ones. */
    private boolean wentOn(Session session, String group, Answer answer) {
        if (answer.header("x-mehari-attempts").matches("[2-9]|\\d{2,}")) {
            return true;
        }
        for (JsonNode deployment :
                GatewayStats.read(session, gateway.adminKey()).deployments(group)) {
            boolean out = !Set.of("healthy", "recovering")
                    .contains(deployment.path("state").asText());
            if (out && deployment.path("failovers").asLong() > 0) {
                return true;
            }
        }
        return false;
    }

    private static void limits(Session session, String key) {
        List<Long> remaining = new ArrayList<>();
        for (int i = 0; i < MOST_CALLS; i++) {
            Ask ask = Ask.post("/chat/completions", ask(session.prompts().model(), false))
                    .as(key);
            Answer answer = session.endpoint().send(ask);
            String left = answer.header("x-ratelimit-remaining-requests");
            if (answer.status() == 429) {
                refused(session.sheet(), answer);
                break;
            }
            if (!answer.ok()) {
                session.sheet().judge(LIMIT, answer.excerpt());
                return;
            }
            remaining.add(left.matches("\\d{1,9}") ? Long.parseLong(left) : -1);
        }
        session.sheet().judge(LIMIT, remaining.size() < MOST_CALLS ? null : MOST_CALLS + " calls were all answered");
        if (remaining.size() < 2) {
            session.sheet().unchecked(List.of(COUNTDOWN), "the key's limit was reached after one call; wait a minute");
            return;
        }
        boolean down = remaining.getFirst() >= 0 && remaining.getLast() < remaining.getFirst();
        session.sheet().judge(COUNTDOWN, down, () -> "it went " + remaining + " (-1: not there)");
    }

    private static void refused(Sheet sheet, Answer answer) {
        boolean typed = !answer.json().at("/error/type").asText("").isEmpty()
                && !answer.header("retry-after").isEmpty()
                && !answer.header("x-ratelimit-limit-requests").isEmpty();
        sheet.judge(LIMIT, typed, () -> "retry-after: " + answer.header("retry-after") + "; " + answer.excerpt());
    }

    private static String ask(String model, boolean stream) {
        return new Prompts(model).ask(Prompts.HELLO, body -> {
            CacheCases.passBy(body);
            body.put("stream", stream);
        });
    }
}
