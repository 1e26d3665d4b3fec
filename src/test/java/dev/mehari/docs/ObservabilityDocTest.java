package dev.mehari.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.RedisServer;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.SeenCalls;
import dev.mehari.testing.TraceReceiver;
import dev.mehari.usage.ErrorType;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * docs/observability.md lists what a gateway tells when everything is on and every kind of call has come to it: all metrics,
 * headers, span attributes and fields of log lines that there are, and no others.
 */
class ObservabilityDocTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:mehari|gen_ai)_[a-z_]+");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|sum|count|max)$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Of HTTP, which say nothing of calls. */
    private static final Set<String> PLAIN = Set.of(
            "content-type",
            "content-length",
            "content-disposition",
            "transfer-encoding",
            "cache-control",
            "x-accel-buffering",
            "x-content-type-options");

    private static final Set<String> headers = new TreeSet<>();
    private static final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private static RedisServer redis;
    private static ScriptedUpstream openAi;
    private static ScriptedUpstream groq;
    private static ScriptedUpstream anthropic;
    private static TraceReceiver traces;
    private static Gateway gateway;
    private static String document;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void everyKindOfCall() throws IOException {
        document = Files.readString(Path.of("docs/observability.md"));
        redis = RedisServer.start();
        openAi = new ScriptedUpstream();
        groq = new ScriptedUpstream().answer(Script.json(503, Answers.error("full", "server_error", null)));
        anthropic = new ScriptedUpstream();
        traces = new TraceReceiver();
        gateway = Gateway.before(
                openAi,
                "mehari.providers.groq.base-url=" + groq.url(),
                "mehari.providers.anthropic.base-url=http://127.0.0.1:" + anthropic.port(),
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=groq",
                "mehari.models[0].deployments[1].provider=openai",
                "mehari.models[0].deployments[1].model=gpt-4o",
                "mehari.models[0].deployments[1].priority=2",
                "mehari.access.admin-key=admin",
                "mehari.redis.url=" + redis.url(),
                "mehari.request-log.enabled=true",
                "mehari.database.url=jdbc:sqlite:" + folder.resolve("all.db"),
                "mehari.database.timeout=500ms",
                "mehari.cache.enabled=true",
                "mehari.content.capture=full",
                "mehari.environment=prod",
                "mehari.tracing.endpoint=" + traces.url(),
                // Only that lines have fields: no file is named.
                "logging.structured.format.file=logstash");
        lines.start();
        calls().addAppender(lines);
        String key = key("{\"team\":\"voice\",\"rpm\":1000,\"tpm\":10000000}");
        wholeAnswers(key);
        streams(key);
        otherDoors(key);
        String poor = key("{\"rpm\":1}");
        ask(poor, Answers.ask("gpt-4o", false));
        assertThat(ask(poor, Answers.ask("gpt-4o", false)).statusCode()).isEqualTo(429);
        whatCannotBeKept(key);
        // Of the one whose client has left, too.
        gateway.bean(SeenCalls.class).await("leaves");
        Eventually.holds(SOON, "the log looked at its size", () -> !ErrorCheck.tree(
                        gateway.get("/stats").body())
                .at("/request_log/rows")
                .isNull());
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            calls().detachAppender(lines);
            gateway.close();
            openAi.close();
            groq.close();
            anthropic.close();
            traces.close();
            redis.close();
        }
    }

    private static Logger calls() {
        return (Logger) LoggerFactory.getLogger("dev.mehari.calls");
    }

    private static String key(String fields) {
        HttpResponse<String> made = gateway.post("/admin/keys", fields, "authorization", "Bearer admin");
        return seen(made).path("key").asText();
    }

    /** Notes the headers of an answer. */
    private static JsonNode seen(HttpResponse<String> answer) {
        headers.addAll(answer.headers().map().keySet());
        return answer.body().startsWith("{") ? ErrorCheck.tree(answer.body()) : Json.MAPPER.createObjectNode();
    }

    private static HttpResponse<String> ask(String key, String json, String... more) {
        return post("/v1/chat/completions", key, json, more);
    }

    private static HttpResponse<String> post(String path, String key, String json, String... more) {
        String[] all = new String[more.length + 2];
        System.arraycopy(more, 0, all, 0, more.length);
        all[more.length] = "authorization";
        all[more.length + 1] = "Bearer " + key;
        HttpResponse<String> answer = gateway.post(path, json, all);
        seen(answer);
        return answer;
    }

    private static void wholeAnswers(String key) {
        openAi.answer(Script.json(
                200,
                Answers.json("hello")
                        .replaceFirst(
                                "\"usage\":\\{",
                                "\"usage\":{\"prompt_tokens_details\":{\"cached_tokens\":2,\"audio_tokens\":1,\"text_tokens\":1,"
                                        + "\"image_tokens\":1,\"video_tokens\":1,\"document_tokens\":1,"
                                        + "\"tool_use_tokens\":1},\"completion_tokens_details\":{\"reasoning_tokens\":3,"
                                        + "\"audio_tokens\":1,\"text_tokens\":1,\"image_tokens\":1,\"video_tokens\":1,"
                                        + "\"accepted_prediction_tokens\":1,\"rejected_prediction_tokens\":1},"
                                        + "\"server_tool_use\":{\"web_search_requests\":1,\"web_fetch_requests\":1},"),
                "x-request-id",
                "req_openai"));
        String full =
                "{\"model\":\"gpt-4o\",\"user\":\"ann\",\"temperature\":0,\"top_p\":1,\"top_k\":3,\"max_tokens\":99,"
                        + "\"frequency_penalty\":0,\"presence_penalty\":0,\"seed\":1,\"n\":1,\"stop\":[\"a\"],"
                        + "\"metadata\":{\"trace_name\":\"support\",\"tags\":\"x\",\"order\":\"7\"},"
                        + "\"messages\":[{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\",\"content\":\"hi\"}]}";
        ask(
                key,
                full,
                "x-session-id",
                "talk",
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        // The same again comes from the cache.
        assertThat(ask(key, full).headers().firstValue("x-cache")).hasValue("HIT");
        anthropic.answer(Script.json(
                200,
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\",\"usage\":"
                        + "{\"input_tokens\":3,\"cache_creation_input_tokens\":5,"
                        + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":2},\"cache_read_input_tokens\":1,"
                        + "\"output_tokens\":2}}"));
        ask(key, Answers.ask("claude-sonnet-4-5", false));
        assertThat(ask(key, Answers.ask("no-such-model", false)).statusCode()).isEqualTo(404);
    }

    private static void streams(String key) {
        openAi.answer(Script.events(Answers.stream("a", "b", "c")));
        // The first of the two fails.
        ask(key, Answers.ask("pair", true));
        openAi.answer(Script.stream()
                .event(Answers.role())
                .event(Answers.text("half"))
                .hang());
        try (RawClient client = RawClient.chat(
                gateway, Answers.ask("gpt-4o", true), "authorization", "Bearer " + key, "x-request-id", "leaves")) {
            client.head();
            client.chunksUpTo("half");
        }
    }

    private static void otherDoors(String key) {
        openAi.answer(Script.json(200, Answers.json("hello")));
        String messages =
                "{\"model\":\"gpt-4o\",\"max_tokens\":9,\"system\":\"be kind\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        post("/v1/messages", key, messages, "anthropic-beta", "a-1");
        post("/v1/messages/count_tokens", key, messages.replace("\"max_tokens\":9,", ""));
        Eventually.holds(SOON, "there is more than a page", () -> {
            HttpResponse<String> csv =
                    gateway.get("/admin/requests?format=csv&limit=1", "authorization", "Bearer admin");
            seen(csv);
            return csv.headers().firstValue("x-mehari-next").isPresent();
        });
    }

    /** An answer whose conversation the database does not take: it is asked before, and locked after that. */
    private static void whatCannotBeKept(String key) {
        Eventually.holds(SOON, "an answer cannot be kept", () -> {
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("all.db"));
                    Statement lock = other.createStatement()) {
                lock.execute("pragma busy_timeout = 20000");
                lock.execute("begin immediate");
                post("/v1/responses", key, "{\"model\":\"demo\",\"input\":\"hello\"}");
                lock.execute("rollback");
            } catch (SQLException failed) {
                throw new AssertionError(failed);
            }
            return headers.contains("x-mehari-stored");
        });
    }

    /** The names in the first column of a section's table, and the cell after it. */
    private static Map<String, String> listed(String section) {
        int begin = document.indexOf("\n## " + section + '\n');
        int next = document.indexOf("\n## ", begin + 1);
        int end = next < 0 ? document.length() : next;
        Map<String, String> listed = new TreeMap<>();
        document.substring(begin, end)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> {
                    String[] cells = line.split(" \\| ?");
                    Matcher name = QUOTED.matcher(cells[0]);
                    while (name.find()) {
                        assertThat(listed.put(name.group(1), cells[1].strip()))
                                .as(name.group(1) + " is listed once")
                                .isNull();
                    }
                });
        assertThat(listed).as(section).isNotEmpty();
        return listed;
    }

    @Test
    void theDocumentNamesAllMetricsAndNoOthers() {
        Map<String, String> documented = listed("Metrics");
        Map<String, String> real = new TreeMap<>();
        gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" "))
                .filter(type -> type[2].startsWith("mehari_") || type[2].startsWith("gen_ai_"))
                .filter(type -> !type[2].endsWith("_max") || !type[3].equals("gauge"))
                .forEach(type -> real.put(type[2], type[3]));
        assertThat(real.keySet()).isEqualTo(documented.keySet());
        assertThat(real)
                .allSatisfy((name, type) ->
                        assertThat(documented.get(name)).as(name).startsWith(type));
    }

    @Test
    void theDocumentNamesAllHeadersAndNoOthers() {
        Set<String> real = new TreeSet<>(headers);
        real.removeAll(PLAIN);
        assertThat(real).isEqualTo(listed("Headers of answers").keySet());
    }

    @Test
    void theDocumentNamesAllAttributesAndNoOthers() {
        int calls = gateway.bean(SeenCalls.class).all().size();
        Eventually.holds(
                SOON,
                "all calls are told of",
                () -> ErrorCheck.tree(gateway.get("/stats").body())
                                .at("/traces/calls")
                                .asInt()
                        >= calls);
        assertThat(attributes()).isEqualTo(listed("Traces").keySet());
    }

    private static Set<String> attributes() {
        return traces.await(1).stream()
                .flatMap(span -> TraceReceiver.attributes(span).keySet().stream())
                .map(name -> name.startsWith("langfuse.trace.metadata.") ? "langfuse.trace.metadata.*" : name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDocumentNamesAllFieldsOfLogLinesAndNoOthers() {
        int calls = gateway.bean(SeenCalls.class).all().size();
        Eventually.holds(SOON, "all calls are logged", () -> lines.list.size() >= calls);
        assertThat(fields()).isEqualTo(listed("Log lines").keySet());
    }

    private static Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        for (ILoggingEvent line : List.copyOf(lines.list)) {
            Set<String> once = new HashSet<>();
            line.getKeyValuePairs()
                    .forEach(pair -> assertThat(once.add(pair.key)).isTrue());
            fields.addAll(once);
        }
        return fields;
    }

    @Test
    void dashboardAndAlertsAskForWhatIsDocumented() throws IOException {
        Set<String> documented = listed("Metrics").keySet();
        JsonNode dashboard = Json.tree(Files.readAllBytes(Path.of("deploy/grafana-dashboard.json")));
        Set<String> shown = new TreeSet<>();
        for (JsonNode query : dashboard.findValues("expr")) {
            shown.addAll(metrics(query.asText()));
        }
        // Each is on a panel, and there is no panel of anything else.
        assertThat(shown).isEqualTo(documented);
        Matcher query = Pattern.compile("(?m)^ +expr:(.*(?:\\n {10,}.*)*)")
                .matcher(Files.readString(Path.of("deploy/prometheus-alerts.yaml")));
        int alerts = 0;
        for (; query.find(); alerts++) {
            assertThat(documented).containsAll(metrics(query.group(1)));
        }
        assertThat(alerts).isPositive();
    }

    /** Without their labels. */
    private static Set<String> metrics(String query) {
        Set<String> names = new TreeSet<>();
        Matcher found = METRIC.matcher(query.replaceAll("\\{[^}]*}|by \\([^)]*\\)", ""));
        while (found.find()) {
            names.add(SUFFIX.matcher(found.group()).replaceAll(""));
        }
        return names;
    }

    @Test
    void allErrorTypesAreDocumented() {
        for (ErrorType type : ErrorType.values()) {
            assertThat(document).contains('`' + type.word() + '`');
        }
    }
}
