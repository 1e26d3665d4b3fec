package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import dev.mehari.testing.Stats;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that goes wrong at a provider, for whole answers and streams, at the first attempt and at a later one: what
 * the client gets, who was asked, what it does to the deployment's health, and that nothing is left open.
 *
 * <p>Each row has a group of its own: the deployment that fails (behind one that is refused, in the later attempt), and
 * one that answers.
 */
class FaultTableTest {
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration A_MOMENT = Duration.ofMillis(30);
    private static final String ERROR = Answers.error("the fault", "server_error", null);
    private static final String REFUSES = "deepseek";
    private static final String BEFORE = "openai";
    private static final String FAULTY = "groq";
    private static final String WELL = "mistral";

    /**
     * A fault, and what becomes of it.
     *
     * @param script for whole answers or, told true, for streams
     * @param hangs whether the provider would keep the connection open
     */
    private record Fault(String what, Function<Boolean, Script> script, String failure, boolean hangs) {
        static Fault closes(String what, Function<Boolean, Script> script) {
            return new Fault(what, script, "transient", false);
        }

        static Fault hangs(String what, Function<Boolean, Script> script) {
            return new Fault(what, script, "transient", true);
        }
    }

    private static Script head(boolean stream) {
        return stream ? Script.stream() : new Script().head(200, "application/json", 500);
    }

    private static final List<Fault> FAULTS = List.of(
            Fault.closes("a refused connection", stream -> new Script()),
            Fault.closes("a reset before the head", stream -> new Script().reset()),
            Fault.closes("a close before the head", stream -> new Script().close()),
            Fault.closes(
                    "a reset after the head",
                    stream -> head(stream).pause(A_MOMENT).reset()),
            Fault.hangs("a head that does not come", stream -> Script.silence()),
            Fault.hangs(
                    "a first token that does not come",
                    stream -> stream
                            ? Script.stream().event(Answers.role()).hang()
                            : head(false).send("{\"id\":").hang()),
            new Fault(
                    "429 with retry-after", stream -> Script.json(429, ERROR, "retry-after", "7"), "rate_limit", false),
            new Fault("429 without retry-after", stream -> Script.json(429, ERROR), "rate_limit", false),
            new Fault(
                    "a used-up quota",
                    stream -> Script.json(429, Answers.error("no more", "insufficient_quota", "insufficient_quota")),
                    "quota",
                    false),
            new Fault("a refused key", stream -> Script.json(401, ERROR), "credential", false),
            new Fault(
                    "a region that is not served",
                    stream -> Script.json(403, Answers.error("not here", "x", "unsupported_country_region_territory")),
                    "region_blocked",
                    false),
            new Fault(
                    "a model that our account may not use",
                    stream -> Script.json(403, Answers.error("not you", "x", "model_not_allowed")),
                    "model_access",
                    false),
            new Fault("an unknown model", stream -> Script.json(404, ERROR), "model_gone", false),
            Fault.closes("500", stream -> Script.json(500, ERROR)),
            Fault.closes("503", stream -> Script.json(503, ERROR)),
            Fault.closes("529", stream -> Script.json(529, ERROR)),
            Fault.closes(
                    "an error inside 200",
                    stream -> stream ? Script.events(List.of(Answers.role(), ERROR)) : Script.json(200, ERROR)),
            Fault.closes(
                    "garbage for an answer",
                    stream -> stream ? Script.stream().event("<html>").endChunks() : Script.json(200, "<html>")),
            Fault.closes("garbage for HTTP", stream -> new Script()
                    .send("220 smtp.example ESMTP\r\n\r\n")
                    .close()),
            Fault.closes(
                    "an early end",
                    stream -> stream
                            ? Script.stream().event(Answers.role()).close()
                            : head(false).send("{\"id\":").close()));

    /** One line of the table. */
    private record Row(int number, Fault fault, boolean stream, boolean later) {
        String group() {
            return "row-" + number;
        }

        @Override
        public String toString() {
            return fault.what + (stream ? " for a stream" : " for a whole answer") + (later ? ", later" : ", first");
        }
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Fault fault : FAULTS) {
            for (boolean stream : new boolean[] {false, true}) {
                rows.add(new Row(rows.size(), fault, stream, false));
                rows.add(new Row(rows.size(), fault, stream, true));
            }
        }
        return rows;
    }

    private static ScriptedUpstream before;
    private static ScriptedUpstream faulty;
    private static ScriptedUpstream well;
    private static Gateway gateway;
    private static final Map<String, Script> scripts = new ConcurrentHashMap<>();

    @BeforeAll
    static void start(@TempDir Path routes) throws IOException {
        before = new ScriptedUpstream().answer(Script.json(500, ERROR));
        faulty = new ScriptedUpstream().answer(request -> scripts.get(model(request)));
        well = new ScriptedUpstream()
                .answer(request -> request.body().contains("\"stream\":true")
                        ? Script.events(Answers.stream("answered"))
                        : Script.json(200, Answers.json("answered")));
        List<String> settings = new ArrayList<>(List.of(
                RoutesFolder.withPatientBreakers(routes),
                "mehari.providers." + BEFORE + ".base-url=" + before.url(),
                "mehari.providers." + FAULTY + ".base-url=" + faulty.url(),
                "mehari.providers." + FAULTY + ".timeouts.first-token=250ms",
                "mehari.providers." + FAULTY + ".timeouts.idle=250ms",
                "mehari.providers." + FAULTY + ".timeouts.total=2500ms",
                "mehari.providers." + WELL + ".base-url=" + well.url(),
                "mehari.providers." + REFUSES + ".base-url=http://127.0.0.1:" + closedPort() + "/v1",
                "mehari.routing.cooldown.failures=1"));
        for (Row row : rows()) {
            settings.addAll(group(row.number(), row.group(), provider(row), row.later()));
        }
        int next = rows().size();
        settings.addAll(group(next, "stall", FAULTY, false));
        settings.addAll(group(next + 1, "break", FAULTY, false));
        settings.addAll(group(next + 2, "wrong", FAULTY, false));
        settings.addAll(group(next + 3, "too-long", FAULTY, true));
        gateway = Gateway.start(settings.toArray(String[]::new));
    }

    private static List<String> group(int number, String name, String provider, boolean later) {
        String at = "mehari.models[" + number + "].";
        List<String> settings = new ArrayList<>(List.of(at + "name=" + name));
        List<String> providers = later ? List.of(BEFORE, provider, WELL) : List.of(provider, WELL);
        for (int i = 0; i < providers.size(); i++) {
            settings.add(at + "deployments[" + i + "].provider=" + providers.get(i));
            settings.add(at + "deployments[" + i + "].priority=" + (i + 1));
        }
        return settings;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static String provider(Row row) {
        return row.fault().what().equals("a refused connection") ? REFUSES : FAULTY;
    }

    @AfterAll
    static void stop() {
        gateway.close();
        before.close();
        faulty.close();
        well.close();
    }

    private static String model(Request request) {
        return ErrorCheck.tree(request.body()).path("model").asText();
    }

    private static List<Request> asked(ScriptedUpstream upstream, String group) {
        return upstream.requests().stream()
                .filter(request -> model(request).equals(group))
                .toList();
    }

    private static JsonNode stats(String group, String provider) {
        return Stats.of(gateway, group, provider);
    }

    private static HttpResponse<String> ask(String group, boolean stream) {
        return gateway.chat(Answers.ask(group, stream));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theClientNoticesNothing(Row row) {
        scripts.put(row.group(), row.fault().script().apply(row.stream()));
        boolean refused = provider(row).equals(REFUSES);

        HttpResponse<String> answer = ask(row.group(), row.stream());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("answered").doesNotContain("fault", "error");
        if (row.stream()) {
            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        }
        assertThat(answer.headers().firstValue("x-mehari-attempts")).hasValue(row.later() ? "3" : "2");
        assertThat(answer.headers().firstValue("x-mehari-provider")).hasValue(WELL);

        assertThat(asked(before, row.group())).hasSize(row.later() ? 1 : 0);
        assertThat(asked(faulty, row.group())).hasSize(refused ? 0 : 1);
        assertThat(asked(well, row.group())).hasSize(1);
        if (row.fault().hangs()) {
            asked(faulty, row.group()).getFirst().closed().await(A_SECOND);
        }

        JsonNode failed = stats(row.group(), provider(row));
        assertThat(failed.path("state").asText()).isEqualTo("cooling");
        assertThat(failed.path("attempts").asInt()).isEqualTo(1);
        assertThat(failed.path("failovers").asInt()).isEqualTo(1);
        assertThat(failed.path("failures").path(row.fault().failure()).asInt()).isEqualTo(1);
        assertThat(failed.path("in_flight").asInt()).isZero();
        Eventually.holds(A_SECOND, "the answer is counted", () -> {
            JsonNode served = stats(row.group(), WELL);
            return served.path("successes").asInt() == 1
                    && served.path("in_flight").asInt() == 0;
        });

        // While it cools down nobody asks it again.
        assertThat(ask(row.group(), row.stream()).headers().firstValue("x-mehari-attempts"))
                .hasValue("1");
        assertThat(asked(faulty, row.group())).hasSize(refused ? 0 : 1);
    }

    @Test
    void aStallAfterTheFirstTokenEndsTheStreamAndCountsAgainstHealth() {
        scripts.put("stall", Script.stream().event(Answers.text("half")).hang());
        HttpResponse<String> answer = ask("stall", true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("half", "\"error\"", "fell silent").doesNotContain("answered", "[DONE]");
        asked(faulty, "stall").getFirst().closed().await(A_SECOND);
        isOutAfterCommit("stall");
    }

    @Test
    void aResetAfterTheFirstTokenEndsTheStreamAndCountsAgainstHealth() {
        scripts.put(
                "break",
                Script.stream().event(Answers.text("half")).pause(A_MOMENT).reset());
        assertThat(ask("break", true).body())
                .contains("half", "\"error\"", "broke off")
                .doesNotContain("answered", "[DONE]");
        isOutAfterCommit("break");
    }

    private static void isOutAfterCommit(String group) {
        assertThat(asked(well, group)).isEmpty();
        Eventually.holds(
                A_SECOND,
                "it cools down",
                () -> stats(group, FAULTY).path("state").asText().equals("cooling"));
        assertThat(stats(group, FAULTY).path("failures").path("transient").asInt())
                .isEqualTo(1);
        assertThat(stats(group, FAULTY).path("in_flight").asInt()).isZero();
    }

    static Stream<Boolean> streams() {
        return Stream.of(false, true);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void theCallersOwnFaultStopsAtOnceAndHurtsNobody(boolean stream) {
        scripts.put("wrong", Script.json(400, Answers.error("no such thing", "invalid_request_error", "bad")));
        JsonNode error = ErrorCheck.error(ask("wrong", stream), 400);
        assertThat(error.path("message").asText()).isEqualTo("no such thing");
        assertThat(asked(well, "wrong")).isEmpty();
        JsonNode health = stats("wrong", FAULTY);
        assertThat(health.path("state").asText()).isEqualTo("healthy");
        assertThat(health.path("error_rate").asDouble()).isZero();
        assertThat(health.path("failures").path("caller_fault").asInt()).isPositive();
    }

    @Test
    void alsoLaterItStopsAtOnce() {
        scripts.put(
                "too-long",
                Script.json(400, Answers.error("too long", "invalid_request_error", "context_length_exceeded")));
        ErrorCheck.error(ask("too-long", false), 400);
        assertThat(asked(before, "too-long")).hasSize(1);
        assertThat(asked(well, "too-long")).isEmpty();
        assertThat(stats("too-long", FAULTY).path("state").asText()).isEqualTo("healthy");
    }
}
