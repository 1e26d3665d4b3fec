package dev.mehari.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin API over its doors; every answer is held to the OpenAPI document that it serves itself. */
class AdminKeysTest {
    private static final String[] ADMIN = {"authorization", "Bearer admin-key"};
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static JsonNode api;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.database.url=jdbc:sqlite:" + folder.resolve("keys.db"),
                "mehari.access.admin-key=admin-key");
        HttpResponse<String> document = gateway.get("/admin/openapi.json", ADMIN);
        assertThat(document.statusCode()).isEqualTo(200);
        api = ErrorCheck.tree(document.body());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    /** Asks, and holds the answer to what the document says of that path, method and status. */
    private static JsonNode ask(String method, String template, String path, String body, int status) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .header(ADMIN[0], ADMIN[1])
                .header("content-type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = gateway.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        String bare = template.contains("?") ? template.substring(0, template.indexOf('?')) : template;
        JsonNode described = api.path("paths")
                .path(bare)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(status));
        assertThat(described.isMissingNode())
                .as(method + " " + bare + " " + status + " is described")
                .isFalse();
        if (described.has("$ref")) {
            described = api.at(described.path("$ref").asText().substring(1));
        }
        JsonNode schema = described.path("content").path("application/json").path("schema");
        JsonNode json = ErrorCheck.tree(answer.body());
        assertThat(schemaOf(schema).validate(json)).as(answer.body()).isEmpty();
        return json;
    }

    private static JsonSchema schemaOf(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", api.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    }

    private static JsonNode create(String body) {
        return ask("POST", "/admin/keys", "/admin/keys", body, 201);
    }

    @Test
    void aKeyIsShownOnceAndItsSecretIsKeptNowhere() throws Exception {
        JsonNode made = create("{\"name\":\"once\"}");
        String key = made.path("key").asText();
        String id = made.path("id").asText();
        assertThat(key).startsWith("mh-" + id + "-");
        assertThat(id).doesNotStartWith("mh-");
        JsonNode shown = ask("GET", "/admin/keys/{id}", "/admin/keys/" + id, null, 200);
        assertThat(shown.has("key")).isFalse();
        assertThat(gateway.get("/admin/keys", ADMIN).body()).doesNotContain(key.substring(16));
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(key.substring(16));
            }
        }
    }

    @Test
    void everyFieldIsKeptAndAnswered() {
        String fields = "{\"name\":\"all\",\"team\":\"t\",\"models\":[\"gpt-4o*\"],\"providers\":[\"openai\"],"
                + "\"expires_at\":\"2099-01-01T00:00:00Z\",\"disabled\":false,\"rpm\":600,\"tpm\":100000,"
                + "\"concurrency\":5,\"budget\":50.25,\"budget_period\":\"week\",\"no_log\":true,\"cache\":\"read\","
                + "\"strict\":true,\"metadata\":{\"cost-center\":\"42\"}}";
        JsonNode made = create(fields);
        JsonNode shown =
                ask("GET", "/admin/keys/{id}", "/admin/keys/" + made.path("id").asText(), null, 200);
        ErrorCheck.tree(fields).properties().forEach(field -> assertThat(
                        shown.path(field.getKey()).toString())
                .as(field.getKey())
                .isEqualTo(field.getValue().toString()));
        assertThat(shown.path("active").asBoolean()).isTrue();
        assertThat(shown.path("spent").isNumber()).isTrue();
    }

    @Test
    void aChangeLeavesOtherFieldsAndNullTakesOneAway() {
        String path = "/admin/keys/"
                + create("{\"name\":\"a\",\"rpm\":5,\"budget\":1}").path("id").asText();
        JsonNode changed = ask("PATCH", "/admin/keys/{id}", path, "{\"rpm\":null,\"tpm\":10}", 200);
        assertThat(changed.path("rpm").isNull()).isTrue();
        assertThat(changed.path("tpm").asInt()).isEqualTo(10);
        assertThat(changed.path("name").asText()).isEqualTo("a");
        assertThat(changed.path("budget").asInt()).isEqualTo(1);
    }

    @Test
    void everyBadFieldIsNamedInOneAnswer() {
        JsonNode error = ask(
                        "POST",
                        "/admin/keys",
                        "/admin/keys",
                        "{\"name\":\"\",\"rpm\":0,\"tpm\":\"x\",\"concurrency\":1.5,\"budget\":-1,\"budget_period\":\"year\","
                                + "\"models\":\"gpt\",\"expires_at\":\"tomorrow\",\"disabled\":1,\"cache\":\"on\","
                                + "\"metadata\":{\"a\":1},\"rpn\":5}",
                        400)
                .path("error");
        assertThat(error.path("param").asText().split(", "))
                .containsExactlyInAnyOrder(
                        "name",
                        "rpm",
                        "tpm",
                        "concurrency",
                        "budget",
                        "budget_period",
                        "models",
                        "expires_at",
                        "disabled",
                        "cache",
                        "metadata",
                        "rpn");
        assertThat(error.path("message").asText()).contains("rpm must be a whole number", "rpn is not a field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/admin/keys|/admin/keys|[1]|400",
                "POST|/admin/keys|/admin/keys|{not json|400",
                "POST|/admin/keys/{id}/rotate|/admin/keys/ID/rotate|{\"grace\":\"soon\"}|400",
                "POST|/admin/keys/{id}/rotate|/admin/keys/ID/rotate|{\"grace\":\"900d\"}|400",
                "POST|/admin/keys/{id}/rotate|/admin/keys/ID/rotate|{\"grase\":\"1h\"}|400",
                "PATCH|/admin/keys/{id}|/admin/keys/ID|{\"rpm\":-1}|400",
                "PATCH|/admin/keys/{id}|/admin/keys/nobodynobody|{}|404",
                "GET|/admin/keys/{id}|/admin/keys/nobodynobody||404",
                "GET|/admin/keys/{id}|/admin/keys/x'%20or%20'1'='1||404",
                "DELETE|/admin/keys/{id}|/admin/keys/nobodynobody||404",
                "GET|/admin/keys|/admin/keys?team=x'%20or%20'1'='1&teams=y||400",
                "GET|/admin/usage|/admin/usage?from=yesterday&by=colour&format=xml||400",
                "GET|/admin/usage|/admin/usage?from=2026-12-01&to=2026-11-01||400"
            })
    void whatMakesNoSenseIsRefusedInWords(String method, String template, String path, String body, int status) {
        String id = create("{}").path("id").asText();
        ask(method, template, path.replace("ID", id), body, status);
    }

    @Test
    void aRevokedKeyCannotBeRotatedAndStaysInTheList() {
        String id = create("{\"team\":\"gone\"}").path("id").asText();
        JsonNode revoked = ask("DELETE", "/admin/keys/{id}", "/admin/keys/" + id, null, 200);
        assertThat(revoked.path("active").asBoolean()).isFalse();
        assertThat(revoked.path("revoked_at").isTextual()).isTrue();
        ask("POST", "/admin/keys/{id}/rotate", "/admin/keys/" + id + "/rotate", "{}", 409);
        JsonNode list = ask("GET", "/admin/keys", "/admin/keys?team=gone", null, 200);
        assertThat(list.path("data").findValuesAsText("id")).containsExactly(id);
    }

    @Test
    void aRotatedKeyKeepsItsIdAndTellsUntilWhenTheOldSecretOpens() {
        JsonNode made = create("{\"rpm\":7}");
        String id = made.path("id").asText();
        JsonNode rotated =
                ask("POST", "/admin/keys/{id}/rotate", "/admin/keys/" + id + "/rotate", "{\"grace\":\"1h\"}", 200);
        assertThat(rotated.path("id").asText()).isEqualTo(id);
        assertThat(rotated.path("key").asText()).isNotEqualTo(made.path("key").asText());
        assertThat(rotated.path("rpm").asInt()).isEqualTo(7);
        assertThat(rotated.path("previous_secret_until").isTextual()).isTrue();
    }

    @Test
    void usageIsToldAsJsonAndAsCsv() {
        JsonNode made = create("{\"name\":\"u\",\"team\":\"=cmd, or \\\"so\\\"\"}");
        gateway.chat(
                Answers.ask("gpt-4o", false),
                "authorization",
                "Bearer " + made.path("key").asText());
        String only = "key=" + made.path("id").asText();
        Eventually.holds(Duration.ofSeconds(20), "it is written down", () -> !ErrorCheck.tree(
                        gateway.get("/admin/usage?" + only, ADMIN).body())
                .path("data")
                .isEmpty());
        JsonNode json = ask("GET", "/admin/usage", "/admin/usage?" + only, null, 200);
        JsonNode row = json.path("data").path(0);
        assertThat(row.path("provider").asText()).isEqualTo("openai");
        assertThat(row.path("model").asText()).isEqualTo("gpt-4o");
        assertThat(row.path("team").asText()).isEqualTo("=cmd, or \"so\"");
        HttpResponse<String> csv = gateway.get("/admin/usage?by=team,model&format=csv&" + only, ADMIN);
        assertThat(csv.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.getFirst()).startsWith("team,model,requests,failed_requests,");
        // Quoted, and no formula to a spreadsheet.
        assertThat(lines.get(1)).startsWith("\"'=cmd, or \"\"so\"\"\",gpt-4o,1,0,");
        assertThat(gateway.get("/admin/usage?" + only, "authorization", "Bearer admin-key", "accept", "text/csv")
                        .body())
                .startsWith("day,key,team,provider,model,requests");
        JsonNode nothing = ask("GET", "/admin/usage", "/admin/usage?from=2020-01-01&to=2020-01-02", null, 200);
        assertThat(nothing.path("data")).isEmpty();
    }

    @Test
    void nobodyGetsInWithoutTheAdminKeyAndAClientKeyIsNone() {
        String token = create("{}").path("key").asText();
        List<HttpResponse<String>> refused = new ArrayList<>();
        refused.add(gateway.get("/admin/keys"));
        refused.add(gateway.get("/admin/keys", "authorization", "Bearer " + token));
        refused.add(gateway.get("/admin/keys?admin_key=admin-key"));
        refused.add(gateway.post("/admin/keys", "{}"));
        refused.add(gateway.get("/admin/usage", "x-api-key", "other"));
        refused.add(gateway.get("/admin/openapi.json"));
        for (HttpResponse<String> answer : refused) {
            ErrorCheck.error(answer, 401);
        }
    }

    @Test
    void aBrowserKeepsACookieInTheKeysPlace() {
        HttpResponse<String> begun = gateway.post("/admin/session", "", ADMIN);
        String cookie = begun.headers().firstValue("set-cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200");
        assertThat(cookie).doesNotContain("admin-key");
        String session = cookie.substring(0, cookie.indexOf(';'));
        assertThat(gateway.get("/admin/keys", "cookie", "a=b; " + session).statusCode())
                .isEqualTo(200);
        ErrorCheck.error(gateway.get("/admin/keys", "cookie", session + "0"), 401);
        ErrorCheck.error(gateway.get("/admin/keys", "cookie", "mehari_session="), 401);
        // A wrong key is not made good by a cookie, nor another site's page by its visitor's.
        ErrorCheck.error(gateway.get("/admin/keys", "cookie", session, "authorization", "Bearer x"), 401);
        ErrorCheck.error(gateway.post("/admin/keys", "{}", "cookie", session, "sec-fetch-site", "cross-site"), 403);
        assertThat(gateway.post("/admin/keys", "{}", "cookie", session, "sec-fetch-site", "same-origin")
                        .statusCode())
                .isEqualTo(201);
        // It opens no call.
        ErrorCheck.error(gateway.post("/admin/session", "", "authorization", "Bearer x"), 401);
    }
}
