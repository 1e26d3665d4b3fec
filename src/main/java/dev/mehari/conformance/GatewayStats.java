package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a gateway's {@code /stats} tells of its deployments. docs/routing.md explains the fields. */
record GatewayStats(Answer answer) {
    static GatewayStats read(Session session, @Nullable String adminKey) {
        Ask ask = Ask.get("/stats").atRoot();
        return new GatewayStats(session.endpoint().send(adminKey == null ? ask : ask.as(adminKey)));
    }

    boolean closed() {
        return answer.status() == 401 || answer.status() == 403;
    }

    boolean good() {
        return answer.ok()
                && answer.json().path("groups").isArray()
                && answer.json().path("models").isArray();
    }

    /** Of a group, or of all groups and models that no group names. */
    List<JsonNode> deployments(@Nullable String group) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode told : answer.json().path("groups")) {
            boolean wanted = group == null || named(told, group);
            if (wanted) {
                told.path("deployments").forEach(all::add);
            }
        }
        if (group == null) {
            answer.json().path("models").forEach(all::add);
        }
        return all;
    }

    long inFlight() {
        return sum(deployment -> deployment.path("in_flight").asLong());
    }

    long left() {
        return sum(deployment -> deployment.path("failures").path("client_gone").asLong());
    }

    /** A deployment that several groups share is counted in each; only differences are looked at. */
    private long sum(ToLongFunction<JsonNode> number) {
        return deployments(null).stream().mapToLong(number).sum();
    }

    private static boolean named(JsonNode told, String group) {
        boolean alias = false;
        for (JsonNode other : told.path("aliases")) {
            alias |= other.asText().equals(group);
        }
        return alias || told.path("name").asText().equals(group);
    }
}
