package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code /openapi.json} describes every door and no other, and what it says holds of real requests and answers. Objects of
 * the document may have no further fields than it names, unless it says so: here, not for clients.
 */
class OpenApiTest {
    private static final String[] ADMIN = {"authorization", "Bearer admin-key"};
    private static final String ASK = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final Set<String> METHODS = Set.of("get", "post", "delete", "patch", "put");

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static ObjectNode api;

    @TempDir
    private static Path folder;

    /** Operations that a real answer of 2xx was held to the document for. */
    private final Set<String> answered = new TreeSet<>();

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream().answer(Script.json(200, Answers.json("hello")));
        gateway = Gateway.before(
                upstream,
                "mehari.database.url=jdbc:sqlite:" + folder.resolve("mehari.db"),
                "mehari.request-log.enabled=true",
                "mehari.access.admin-key=admin-key",
                "mehari.cache.enabled=true",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].model=gpt-4o-mini",
                "mehari.models[0].deployments[1].provider=demo",
                "mehari.models[0].deployments[1].model=demo");
        api = (ObjectNode) ErrorCheck.tree(gateway.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void everyDoorIsDescribedAndNoOther() throws IOException {
        Set<String> doors = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                List<Map<String, Map<String, Object>>> routes =
                        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
                routes.forEach(route -> door(route.get("route"), doors));
            }
        }
        Set<String> described = new TreeSet<>();
        api.path("paths")
                .fieldNames()
                .forEachRemaining(path -> item(path).fieldNames().forEachRemaining(method -> {
                    if (METHODS.contains(method)) {
                        described.add(method + " " + path);
                    }
                }));
        assertThat(described).isEqualTo(doors);
    }

    private static void door(Map<String, Object> route, Set<String> doors) {
        if (route != null
                && route.get("from") instanceof Map<?, ?> from
                && String.valueOf(from.get("uri")).startsWith("platform-http:")
                && from.get("parameters") instanceof Map<?, ?> parameters) {
            String path = from.get("uri").toString().substring("platform-http:".length());
            String rest = path.startsWith("/dashboard") ? "{file}" : "{id}";
            boolean prefix = Boolean.TRUE.equals(parameters.get("matchOnUriPrefix"));
            for (String method : parameters.get("httpMethodRestrict").toString().split(",")) {
                doors.add(method.toLowerCase(Locale.ROOT) + " " + path + (prefix ? rest : ""));
            }
        }
    }

    /** What a path's operations are; some share theirs. */
    private static JsonNode item(String path) {
        JsonNode item = api.path("paths").path(path);
        String shared = item.path("$ref").asText();
        return shared.isEmpty() ? item : api.at(shared.substring(1));
    }

    @Test
    void operationsHaveNamesOfTheirOwnAndEveryReferenceLeadsSomewhere() {
        List<String> names = api.findValuesAsText("operationId");
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> !name.isBlank());
        for (String reference : api.findValuesAsText("$ref")) {
            assertThat(api.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
        Set<String> used = new HashSet<>(api.findValuesAsText("$ref"));
        api.path("components").path("schemas").fieldNames().forEachRemaining(name -> assertThat(used)
                .contains("#/components/schemas/" + name));
    }

    @Test
    void whatIsSaidOfEachDoorHoldsOfRealRequestsAndAnswers() {
        for (String base : List.of("/v1", "")) {
            call("post", base + "/chat/completions", null, "{\"model\":\"demo\",\"temperature\":0," + ASK, 200);
            call("post", base + "/chat/completions", null, "{\"model\":\"demo\",\"stream\":true," + ASK, 200);
            call("post", base + "/chat/completions/stream", null, "{\"model\":\"demo\"," + ASK, 200);
            call("post", base + "/chat/completions/chat/completions", null, "{\"model\":\"pair\"," + ASK, 200);
            call("post", base + "/embeddings", null, "{\"model\":\"demo\",\"input\":[\"a\",\"b\"]}", 200);
            responses(base);
            call("get", base + "/models", null, null, 200);
            call("get", base + "/models", "?upstream=true", null, 200, "anthropic-version", "2023-06-01");
            call("get", base + "/models/{id}", "demo", null, 200);
            call("get", base + "/models/{id}", "a/b", null, 404);
        }
        call(
                "post",
                "/v1/embeddings",
                null,
                "{\"model\":\"demo\",\"input\":\"a\",\"encoding_format\":\"base64\"}",
                200);
        call("post", "/v1/chat/completions", null, "{\"model\":\"nobody\"," + ASK, 404);
        call("post", "/v1/chat/completions", null, "{\"model\":\"demo\",\"temperature\":\"warm\"," + ASK, 400);
        call("post", "/v1/messages", null, "{\"model\":\"demo\",\"max_tokens\":9," + ASK, 200);
        call("post", "/v1/messages", null, "{\"model\":\"demo\",\"stream\":true,\"max_tokens\":9," + ASK, 200);
        call("post", "/v1/messages", null, "{\"model\":\"nobody\",\"max_tokens\":9," + ASK, 404);
        // What is described as all other errors.
        call("post", "/v1/chat/completions", null, "{\"model\":\"demo-error-502\"," + ASK, 502);
        call("post", "/v1/messages", null, "{\"model\":\"demo-error-504\",\"max_tokens\":9," + ASK, 504);
        call("post", "/v1/messages/count_tokens", null, "{\"model\":\"demo\"," + ASK, 200);
        call("get", "/v1/providers", null, null, 200);
        for (String health : List.of("/health", "/health/live", "/health/ready")) {
            call("get", health, null, null, 200);
        }
        call("get", "/", null, null, 200);
        call("get", "/openapi.json", null, null, 200);
        call("get", "/stats", null, null, 200);
        call("get", "/metrics", null, null, 200);
        call("get", "/metrics/latency", null, null, 200);
        call("get", "/dashboard/login", null, null, 200);
        call("get", "/dashboard", null, null, 303);
        HttpResponse<String> session = gateway.post("/admin/session", "", ADMIN);
        String cookie = session.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
        call("get", "/dashboard", null, null, 200, "cookie", cookie);
        call("post", "/admin/session", null, null, 200, ADMIN);
        call("delete", "/admin/session", null, null, 200, ADMIN);
        call("get", "/dashboard/assets/{file}", "nothing.css", null, 404);
        admin();
        Set<String> all = new TreeSet<>();
        api.path("paths")
                .fieldNames()
                .forEachRemaining(path -> item(path).fieldNames().forEachRemaining(method -> {
                    if (METHODS.contains(method)) {
                        all.add(item(path).path(method).path("operationId").asText());
                    }
                }));
        // A stream without an end; files with the version in their names; what nothing here runs in the background.
        all.removeAll(Set.of("watchCalls", "getAsset", "cancelResponse"));
        assertThat(answered).containsAll(all);
    }

    private void responses(String base) {
        JsonNode first = call("post", base + "/responses", null, "{\"model\":\"demo\",\"input\":\"hello\"}", 200);
        call("post", base + "/responses", null, "{\"model\":\"demo\",\"input\":\"hello\",\"stream\":true}", 200);
        call("post", base + "/responses/input_tokens", null, "{\"model\":\"demo\",\"input\":\"hello\"}", 200);
        String id = first.path("id").asText();
        call("get", base + "/responses/{id}", id, null, 200);
        call("get", base + "/responses/{id}", id + "?stream=true", null, 200);
        call("get", base + "/responses/{id}/input_items", id, null, 200);
        call("post", base + "/responses/{id}/cancel", id, null, 400);
        call("delete", base + "/responses/{id}", id, null, 200);
        call("get", base + "/responses/{id}", id, null, 404);
    }

    private void admin() {
        call("get", "/admin/requests", null, null, 401);
        Eventually.holds(
                Duration.ofSeconds(60),
                "a call is in the log",
                () -> ErrorCheck.tree(gateway.get("/admin/requests", ADMIN).body())
                                .path("data")
                                .size()
                        > 3);
        JsonNode calls = call("get", "/admin/requests", "?limit=2&dialect=chat", null, 200, ADMIN);
        call("get", "/admin/requests", "?nonsense=1", null, 400, ADMIN);
        String id = calls.path("data").path(0).path("request_id").asText();
        call("get", "/admin/requests/{id}", id, null, 200, ADMIN);
        call("get", "/admin/metrics/series", "?by=model&window=1h", null, 200, ADMIN);
        call("delete", "/admin/cache", null, null, 200, ADMIN);
        call("get", "/admin/routes", null, null, 200, ADMIN);
        call("post", "/admin/routes/reload", null, null, 200, ADMIN);
        call("post", "/admin/routes/{route}/suspend", "provider-groq", null, 200, ADMIN);
        call("post", "/admin/routes/{route}/resume", "provider-groq", null, 200, ADMIN);
        JsonNode key =
                call("post", "/admin/keys", null, "{\"name\":\"docs\",\"team\":\"writers\",\"rpm\":9}", 201, ADMIN);
        String keyId = key.path("id").asText();
        call("get", "/admin/keys", null, null, 200, ADMIN);
        call("get", "/admin/keys/{id}", keyId, null, 200, ADMIN);
        call("patch", "/admin/keys/{id}", keyId, "{\"rpm\":10}", 200, ADMIN);
        call("post", "/admin/keys/{id}/rotate", keyId, "{\"grace\":\"1h\"}", 200, ADMIN);
        call("delete", "/admin/keys/{id}", keyId, null, 200, ADMIN);
        call("get", "/admin/keys/{id}", "nobody", null, 404, ADMIN);
        call("get", "/admin/usage", "?by=day,key", null, 200, ADMIN);
        call("get", "/admin/openapi.json", null, null, 200, ADMIN);
    }

    /**
     * Asks, and holds both to the document.
     *
     * @param rest what stands in the path's braces, or a query
     * @return the answer, where it is JSON
     */
    private JsonNode call(String method, String path, String rest, String body, int status, String... headers) {
        JsonNode operation = item(path).path(method);
        if (body != null && status < 300) {
            JsonNode schema = resolved(operation.path("requestBody")).at("/content/application~1json/schema");
            check(method + " " + path + " request", schema, ErrorCheck.tree(body), false);
        }
        boolean query = rest != null && rest.startsWith("?");
        String filled = query || rest == null ? path : path.replaceAll("\\{[a-z]+}", rest);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + filled + (query ? rest : "")))
                .method(
                        method.toUpperCase(Locale.ROOT),
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = send(request.build());
        String what = method + " " + path + " " + status;
        assertThat(answer.statusCode()).as(what + ": " + answer.body()).isEqualTo(status);
        JsonNode responses = operation.path("responses");
        String described = responses.has(Integer.toString(status)) ? Integer.toString(status) : "default";
        JsonNode response = resolved(responses.path(described));
        assertThat(response.isMissingNode()).as(what + " is described").isFalse();
        if (status < 300) {
            answered.add(operation.path("operationId").asText());
        }
        String type = answer.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
        if (answer.body().isEmpty()) {
            return Json.MAPPER.missingNode();
        }
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode())
                .as(what + " " + type + " is described")
                .isFalse();
        switch (type) {
            case "application/json" -> {
                JsonNode json = ErrorCheck.tree(answer.body());
                check(what, schema, json, true);
                return json;
            }
            case "text/event-stream" -> events(what, schema, answer.body());
            default -> assertThat(schema.path("type").asText()).isEqualTo("string");
        }
        return Json.MAPPER.missingNode();
    }

    private static void events(String what, JsonNode schema, String body) {
        List<String> payloads = new ArrayList<>();
        body.lines().filter(line -> line.startsWith("data: ")).forEach(line -> payloads.add(line.substring(6)));
        payloads.remove("[DONE]");
        assertThat(payloads).as(what).hasSizeGreaterThan(2);
        payloads.forEach(payload -> check(what, schema, ErrorCheck.tree(payload), true));
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(request.toString(), failed);
        }
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? api.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static void check(String what, JsonNode schema, JsonNode value, boolean strict) {
        assertThat(schema.isMissingNode()).as(what + " is described").isFalse();
        ObjectNode whole = Json.MAPPER.createObjectNode();
        whole.setAll((ObjectNode) schema.deepCopy());
        whole.set("components", api.path("components").deepCopy());
        if (strict) {
            close(whole);
        }
        JsonSchema checked =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
        assertThat(checked.validate(value)).as(what + ": " + value).isEmpty();
    }

    /** No further fields where the document does not speak of them. What others are put together of stays open. */
    private static void close(ObjectNode whole) {
        Set<String> parts = new HashSet<>();
        whole.findValues("allOf").forEach(all -> parts.addAll(all.findValuesAsText("$ref")));
        JsonNode schemas = whole.path("components").path("schemas");
        schemas.fieldNames().forEachRemaining(name -> {
            if (!parts.contains("#/components/schemas/" + name)) {
                closeAll(schemas.path(name));
            }
        });
        closeAll(whole.path("properties"));
    }

    private static void closeAll(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.has("allOf")) {
                object.put("unevaluatedProperties", false);
                return;
            }
            if (object.path("properties").isObject() && !object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
        }
        node.forEach(OpenApiTest::closeAll);
    }
}
