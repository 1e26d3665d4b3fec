package dev.mehari.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.Plan.Door;
import dev.mehari.conformance.Plan.GatewayPlan;
import dev.mehari.testing.Gateway;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole tool against the whole gateway with its demo provider. */
class ConformanceOfTheGatewayTest {
    private static final String ADMIN = "opens-admin";
    private static final String OPEN = "open-key";

    private static Gateway gateway;
    private static String limited;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                "mehari.access.api-keys=" + OPEN,
                "mehari.access.admin-key=" + ADMIN,
                "mehari.cache.models[0].name=demo",
                "mehari.demo.word-delay=10ms",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=demo",
                "mehari.models[0].deployments[0].model=demo-delay-1",
                "mehari.models[0].deployments[1].provider=demo",
                "mehari.models[0].deployments[1].model=demo-delay-2",
                "mehari.models[1].name=always",
                "mehari.models[1].deployments[0].provider=demo",
                "mehari.models[1].deployments[0].model=demo-error-503",
                "mehari.models[1].deployments[1].provider=demo",
                "mehari.models[1].deployments[1].model=demo",
                "mehari.models[1].deployments[1].priority=2");
        String made = gateway.post("/admin/keys", "{\"rpm\": 4}", "authorization", "Bearer " + ADMIN)
                .body();
        limited = ChatStream.tree(made).path("key").asText();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Target target(String model) {
        return Target.of(gateway.url() + "/v1", model, OPEN);
    }

    private static Plan plan(Target target, Target reference, int runs, GatewayPlan options) {
        return new Plan(
                target, reference, Duration.ofSeconds(60), runs, EnumSet.allOf(Door.class), null, options, true);
    }

    @Test
    void everyDemandIsLookedAtAndKeptAndTheReportSaysSo() throws Unreachable {
        GatewayPlan options = new GatewayPlan(ADMIN, null, "pair", "always", limited);
        List<String> progress = new ArrayList<>();
        Outcome outcome =
                new ConformanceRun(plan(target("demo"), target("demo-delay-1"), 2, options), progress::add).run();
        assertThat(outcome.findings())
                .filteredOn(finding -> !(finding.verdict() instanceof Verdict.Kept))
                .isEmpty();
        assertThat(outcome.differences()).isEmpty();
        assertThat(outcome.problems()).isZero();
        assertThat(progress).contains("12/12 the gateway's groups and limits", "measuring 2/2");
        reports(outcome);
    }

    private static void reports(Outcome outcome) {
        StringWriter text = new StringWriter();
        new TextReport(outcome, new PrintWriter(text)).write();
        assertThat(text.toString())
                .contains("Conformance of " + gateway.url() + "/v1, model demo", "the same shapes", "All right.")
                .containsPattern("time to first token, ms +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d")
                .containsPattern("tokens a second +\\d+")
                .doesNotContain(OPEN, ADMIN, limited);
        JsonNode json = ChatStream.tree(JsonReport.of(outcome));
        assertThat(json.path("problems").asInt(-1)).isZero();
        assertThat(json.path("cases").size()).isEqualTo(outcome.findings().size());
        assertThat(json.at("/cases/0/result").asText()).isEqualTo("kept");
        assertThat(json.at("/measured/first_token_ms/p50").asDouble()).isPositive();
        assertThat(json.toString()).doesNotContain(OPEN, ADMIN, limited);
    }

    @Test
    void aCaseThatLacksItsOptionSaysWhichAndIsNotPassed() throws Unreachable {
        GatewayPlan options = new GatewayPlan(null, "demo-slow-1", null, null, null);
        Outcome outcome = new ConformanceRun(plan(target("demo"), null, 0, options), line -> {}).run();
        assertThat(why(outcome, "gateway.admin")).isEqualTo("give --admin-key");
        assertThat(why(outcome, "group.balance")).isEqualTo("give --group");
        assertThat(why(outcome, "group.failover")).isEqualTo("give --failover-group");
        assertThat(why(outcome, "limits.refused")).isEqualTo("give --limited-key");
        assertThat(why(outcome, "cache.hit")).contains("--cached-model");
        StringWriter text = new StringWriter();
        new TextReport(outcome, new PrintWriter(text)).write();
        assertThat(text.toString()).contains("not checked  group.balance: give --group", "All right; 10 not checked.");
    }

    @Test
    void whatOnlyOneOfTwoEndpointsHasIsADifference() throws Unreachable {
        try (FlawedServer server = new FlawedServer(Flaw.CREATED_WITH_A_FRACTION)) {
            Target flawed = Target.of(server.url(), FlawedServer.MODEL, FlawedServer.KEY);
            Plan plan = new Plan(flawed, target("demo"), Duration.ofSeconds(60), 0, Set.of(), null, null, false);
            Outcome outcome = new ConformanceRun(plan, line -> {}).run();
            assertThat(outcome.differences())
                    .contains(
                            new Difference("a plain answer", "created", "number", "integer", true),
                            new Difference("a plain answer", "choices[].logprobs", "-", "null", false));
            StringWriter text = new StringWriter();
            new TextReport(outcome, new PrintWriter(text)).write();
            assertThat(text.toString()).contains("! created", "here   number", "there  integer");
        }
    }

    private static String why(Outcome outcome, String id) {
        return outcome.findings().stream()
                .filter(finding -> finding.demand().id().equals(id))
                .map(Finding::verdict)
                .filter(Verdict.Unchecked.class::isInstance)
                .map(verdict -> ((Verdict.Unchecked) verdict).why())
                .findFirst()
                .orElseThrow();
    }
}
