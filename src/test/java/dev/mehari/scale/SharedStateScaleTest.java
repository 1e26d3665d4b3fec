package dev.mehari.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What three gateways hold together: limits, budgets, answers, conversations, cooldowns, keys. */
class SharedStateScaleTest {
    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream()
            .answer(request -> request.json().path("model").asText().equals("ill")
                    ? Script.json(500, "{\"error\":{\"message\":\"ill\"}}")
                    : Script.json(200, Answers.json("hello")));

    /** The tests are about agreement, not about time. */
    private static final String SETTINGS = """
            mehari:
              redis: {timeout: 10s}
              cache:
                redis: {timeout: 10s}
                models: [{name: kept, mode: all}]
              routing: {cooldown: {failures: 1, first: 120s}}
              prices:
                - {provider: demo, models: ["*"], price: {input: 0, output: 1000000}}
              providers:
                openai: {base-url: "%s", api-key: k, pool: {warm-up: 0}}
              models:
                - name: limited
                  deployments: [{provider: demo, model: demo-delay-1, rpm: 30}]
                - name: kept
                  deployments: [{provider: openai, model: well}]
                - name: half-ill
                  deployments:
                    - {provider: openai, model: ill}
                    - {provider: demo, model: demo-delay-0, priority: 2}
            """;

    private static Replicas gateways;

    @BeforeAll
    static void start() {
        gateways = new Replicas(Hosts.here(), SETTINGS.formatted(UPSTREAM.url()));
    }

    @AfterAll
    static void stop() {
        if (gateways != null) {
            gateways.close();
        }
        UPSTREAM.close();
    }

    private static String oneWord(String model) {
        return Load.body(model, false, "hello").replace("\"stream\"", "\"max_tokens\":1,\"stream\"");
    }

    @Test
    void aKeysRequestsAMinuteAreCountedOverAll() {
        String key = gateways.doors().issue(0, "{\"name\":\"rpm\",\"rpm\":60}");
        int letIn = gateways.doors().letIn(240, key, oneWord("demo-delay-0"));
        ScaleReport.add("A key's requests a minute", ScaleReport.figures("limit", 60, "asked", 240, "let in", letIn));
        assertThat(letIn).isEqualTo(60);
    }

    @Test
    void aKeysCallsAtOnceAreCountedOverAll() {
        String key = gateways.doors().issue(1, "{\"name\":\"concurrency\",\"concurrency\":5}");
        int letIn = gateways.doors().letIn(45, key, oneWord("demo-delay-10000"));
        ScaleReport.add("A key's calls at once", ScaleReport.figures("limit", 5, "asked", 45, "let in", letIn));
        assertThat(letIn).isEqualTo(5);
        Eventually.holds(
                Replicas.SOON,
                "places are free again",
                () -> gateways.doors().letIn(5, key, oneWord("demo-delay-0")) == 5);
    }

    @Test
    void aDeploymentsRequestsAMinuteAreCountedOverAll() {
        int letIn = gateways.doors().letIn(120, Replicas.KEY, oneWord("limited"));
        ScaleReport.add(
                "A deployment's requests a minute", ScaleReport.figures("limit", 30, "asked", 120, "let in", letIn));
        assertThat(letIn).isEqualTo(30);
    }

    @Test
    void aBudgetIsSpentOnceAndToTheLastDollar() {
        String key = gateways.doors().issue(2, "{\"name\":\"budget\",\"budget\":40}");
        // A word a call, a dollar a word.
        int letIn = gateways.doors().letIn(160, key, oneWord("demo-delay-0"));
        String id = key.split("-")[1];
        Replicas.all()
                .forEach(gateway -> Eventually.holds(
                        Replicas.SOON, "gateway " + gateway + " knows what was spent", () -> spent(gateway, id) == 40));
        ScaleReport.add(
                "A budget",
                ScaleReport.figures(
                        "dollars",
                        40,
                        "calls of a dollar asked",
                        160,
                        "let in",
                        letIn,
                        "spent, as all three tell",
                        40));
        assertThat(letIn).isEqualTo(40);
        assertThat(gateways.doors().letIn(6, key, oneWord("demo-delay-0"))).isZero();
    }

    private static double spent(int gateway, String id) {
        return ErrorCheck.tree(gateways.doors()
                        .admin("GET", gateway, "/admin/keys/" + id, null)
                        .body())
                .path("spent")
                .asDouble();
    }

    @Test
    void anAnswerThatOneWasGivenAllGive() {
        int before = UPSTREAM.requests().size();
        String body = Load.body("kept", false, "what is kept?");
        HttpResponse<String> first = gateways.doors().ask(0, Replicas.KEY, body);
        assertThat(first.headers().firstValue("x-cache")).contains("MISS");
        for (int gateway = 1; gateway < Replicas.COUNT; gateway++) {
            int at = gateway;
            Eventually.holds(Replicas.SOON, "it is kept for all", () -> gateways.doors()
                    .ask(at, Replicas.KEY, body)
                    .headers()
                    .firstValue("x-cache")
                    .orElse("")
                    .equals("HIT"));
        }
        int asked = UPSTREAM.requests().size() - before;
        ScaleReport.add(
                "An answer kept by one",
                ScaleReport.figures("gateways that give it", 3, "times the provider was asked", asked));
        // Once, and again where a gateway was asked before the first had put it into Redis.
        assertThat(asked).isBetween(1, 3);
        int settled = UPSTREAM.requests().size();
        Replicas.all().forEach(gateway -> assertThat(gateways.doors()
                        .ask(gateway, Replicas.KEY, body)
                        .headers()
                        .firstValue("x-cache"))
                .contains("HIT"));
        assertThat(UPSTREAM.requests()).hasSize(settled);
    }

    @Test
    void aConversationGoesOnAtAnother() {
        JsonNode first = respond(0, "{\"model\":\"demo-delay-0\",\"input\":\"one\"}", 200);
        String id = first.path("id").asText();
        JsonNode second = respond(
                1, "{\"model\":\"demo-delay-0\",\"input\":\"two\",\"previous_response_id\":\"" + id + "\"}", 200);
        assertThat(second.path("previous_response_id").asText()).isEqualTo(id);
        String url = gateways.url(2) + "/v1/responses/" + id;
        assertThat(gateways.doors().send("GET", url, Replicas.KEY, null).statusCode())
                .isEqualTo(200);
        assertThat(gateways.doors().send("DELETE", url, Replicas.KEY, null).statusCode())
                .isEqualTo(200);
        assertThat(gateways.doors()
                        .send("GET", gateways.url(0) + "/v1/responses/" + id, Replicas.KEY, null)
                        .statusCode())
                .isEqualTo(404);
        ScaleReport.add(
                "A conversation",
                ScaleReport.figures("begun at", 0, "gone on at", 1, "read and deleted at", 2, "gone for", 0));
    }

    private static JsonNode respond(int gateway, String body, int status) {
        HttpResponse<String> answer =
                gateways.doors().send("POST", gateways.url(gateway) + "/v1/responses", Replicas.KEY, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return ErrorCheck.tree(answer.body());
    }

    @Test
    void whatOneFoundIllAllLeaveOut() {
        HttpResponse<String> served = gateways.doors().ask(0, Replicas.KEY, Load.body("half-ill", false, "hello"));
        assertThat(served.statusCode()).as(served.body()).isEqualTo(200);
        long asked = asked("ill");
        assertThat(asked).isPositive();
        Replicas.all()
                .forEach(gateway -> Eventually.holds(Replicas.SOON, "gateway " + gateway + " leaves it out", () -> {
                    long before = asked("ill");
                    assertThat(gateways.doors()
                                    .ask(gateway, Replicas.KEY, Load.body("half-ill", false, "hello"))
                                    .statusCode())
                            .isEqualTo(200);
                    return asked("ill") == before;
                }));
        long learnt = asked("ill");
        gateways.doors().letIn(60, Replicas.KEY, Load.body("half-ill", false, "hello"));
        ScaleReport.add(
                "A deployment that is ill",
                ScaleReport.figures(
                        "asked until all knew", learnt, "asked by 60 calls after that", asked("ill") - learnt));
        assertThat(asked("ill")).isEqualTo(learnt);
    }

    private static long asked(String model) {
        return UPSTREAM.requests().stream()
                .filter(request -> request.json().path("model").asText().equals(model))
                .count();
    }

    @Test
    void aKeyThatIsTakenBackIsRefusedByAll() {
        String key = gateways.doors().issue(0, "{\"name\":\"revoked\"}");
        assertThat(gateways.doors().letIn(3, key, oneWord("demo-delay-0"))).isEqualTo(3);
        assertThat(gateways.doors()
                        .admin("DELETE", 0, "/admin/keys/" + key.split("-")[1], null)
                        .statusCode())
                .isBetween(200, 204);
        Replicas.all()
                .forEach(gateway -> Eventually.holds(
                        Replicas.SOON,
                        "gateway " + gateway + " refuses it",
                        () -> gateways.doors()
                                        .ask(gateway, key, oneWord("demo-delay-0"))
                                        .statusCode()
                                == 401));
        ScaleReport.add("A key taken back at one", ScaleReport.figures("gateways that refuse it", 3));
    }
}
