package dev.mehari.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.SeenCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The doors of the dashboard as HTTP has them: who gets in, what is sent, and what is told of calls. */
class DashboardDoorsTest {
    private static final String KEY = "admin-key-of-this-test";
    private static final Pattern ASSET = Pattern.compile("/dashboard/assets/[^\"]+");

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start("mehari.access.admin-key=" + KEY, "mehari.demo.word-delay=0ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static HttpResponse<String> logIn(String... headers) {
        return logIn(gateway, KEY, headers);
    }

    private static HttpResponse<String> logIn(Gateway at, String key, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "authorization";
        all[headers.length + 1] = "Bearer " + key;
        return at.post("/admin/session", "", all);
    }

    /** The cookie of a new session, as it is sent back. */
    private static String session() {
        HttpResponse<String> answer = logIn();
        assertThat(answer.statusCode()).isEqualTo(200);
        String cookie = header(answer, "set-cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static HttpResponse<String> logOut(String cookie, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + "/admin/session"))
                .header("cookie", cookie)
                .DELETE();
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return gateway.send(request.build());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void withoutASessionThePageLeadsToTheLogIn() {
        HttpResponse<String> page = gateway.get("/dashboard");
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(header(page, "location")).isEqualTo("/dashboard/login");
        assertThat(gateway.get("/dashboard/login").body()).contains("Admin key");
    }

    @Test
    void theSessionsCookieIsForOurOwnPagesAlone() {
        assertThat(header(logIn(), "set-cookie"))
                .matches("mehari_session=[0-9a-f.]+; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
        assertThat(header(logIn("x-forwarded-proto", "https"), "set-cookie")).endsWith("; Secure");
    }

    @Test
    void aSessionOpensThePageUntilItIsEnded() {
        String cookie = session();
        assertThat(gateway.get("/dashboard", "cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/admin/keys", "cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(header(gateway.get("/dashboard/login", "cookie", cookie), "location"))
                .isEqualTo("/dashboard");
        assertThat(logOut(cookie, "sec-fetch-site", "same-origin").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/dashboard", "cookie", cookie).statusCode()).isEqualTo(303);
        ErrorCheck.error(gateway.get("/dashboard/events", "cookie", cookie), 401);
        ErrorCheck.error(gateway.get("/admin/keys", "cookie", cookie), 401);
    }

    @Test
    void anotherSitesPageCannotActInTheSession() {
        String cookie = session();
        for (String[] from : new String[][] {
            {"sec-fetch-site", "cross-site"}, {"sec-fetch-site", "same-site"}, {"origin", "https://evil.example"}, {}
        }) {
            assertThat(ErrorCheck.error(logOut(cookie, from), 403).path("code").asText())
                    .isEqualTo("cross_site_request");
        }
        assertThat(gateway.get("/dashboard", "cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(logOut(cookie, "origin", gateway.url()).statusCode()).isEqualTo(200);
    }

    @Test
    void whoGuessesKeysHasToWait() {
        try (Gateway own = Gateway.start("mehari.access.admin-key=" + KEY)) {
            for (int i = 0; i < 60; i++) {
                ErrorCheck.error(logIn(own, "guess" + i), 401);
            }
            // The right key is not even looked at: else guessing would go on.
            HttpResponse<String> answer = logIn(own, KEY);
            ErrorCheck.error(answer, 429);
            assertThat(header(answer, "retry-after")).isNotEmpty();
        }
    }

    @Test
    void nothingRunsInThePageButItsOwnFiles() {
        for (String path : List.of("/dashboard", "/dashboard/login")) {
            HttpResponse<String> page = gateway.get(path, "cookie", path.endsWith("login") ? "a=b" : session());
            assertThat(header(page, "content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self';", "style-src 'self';")
                    .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe");
            assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(page, "referrer-policy")).isEqualTo("no-referrer");
            assertThat(page.body()).doesNotContain("://", "style=", "onclick", "<script>");
        }
    }

    @Test
    void filesAreKeptForGoodAndSentCompressed() {
        Matcher paths =
                ASSET.matcher(gateway.get("/dashboard", "cookie", session()).body());
        int found = 0;
        while (paths.find()) {
            String path = paths.group();
            HttpResponse<String> plain = gateway.get(path);
            assertThat(plain.statusCode()).as(path).isEqualTo(200);
            assertThat(header(plain, "cache-control")).contains("immutable");
            assertThat(header(plain, "content-encoding")).isEmpty();
            HttpResponse<String> packed = gateway.get(path, "accept-encoding", "gzip, br");
            assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
            HttpResponse<String> known = gateway.get(path, "if-none-match", header(plain, "etag"));
            assertThat(known.statusCode()).isEqualTo(304);
            assertThat(known.body()).isEmpty();
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dashboard/assets",
                "/dashboard/assets/app.js",
                "/dashboard/assets/0000000000000000/app.js",
                "/dashboard/assets/index.html",
                "/dashboard/assets/..%2f..%2fapplication.yaml",
                "/dashboard/assets//META-INF/MANIFEST.MF"
            })
    void nothingElseInTheJarCanBeHad(String path) {
        ErrorCheck.error(gateway.get(path), 404);
    }

    @Test
    void callsAreToldAsTheyEnd() throws Exception {
        try (Events events = Events.open("cookie", session())) {
            assertThat(events.next("pulse").path("in_flight").asInt()).isZero();
            String id = header(
                    gateway.chat(
                            "{\"model\":\"demo\",\"stream\":true,\"user\":\"ann\",\"messages\":[{\"role\":\"user\","
                                    + "\"content\":\"hi\"}]}"),
                    "x-request-id");
            JsonNode call = events.call(id);
            assertThat(call.path("model").asText()).isEqualTo("demo");
            assertThat(call.path("provider").asText()).isEqualTo("demo");
            assertThat(call.path("user").asText()).isEqualTo("ann");
            assertThat(call.path("status").asInt()).isEqualTo(200);
            assertThat(call.path("stream").asBoolean()).isTrue();
            assertThat(call.at("/usage/completion_tokens").asInt()).isPositive();
            assertThat(call.at("/times_ms/total").asDouble()).isPositive();
            assertThat(call.path("attempt_list")).hasSize(1);
            assertThat(call.path("timeline").findValuesAsText("name")).contains("read", "first_token", "done");
            List<Double> at = new ArrayList<>();
            call.path("timeline")
                    .forEach(reached -> at.add(reached.path("at_ms").asDouble()));
            assertThat(at).isSorted();
        }
    }

    @Test
    void aPageThatOpensLaterHasTheLatestCallsToo() throws Exception {
        String id = header(
                gateway.chat("{\"model\":\"demo-error-503\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
                "x-request-id");
        gateway.bean(SeenCalls.class).await(id);
        try (Events events = Events.open("authorization", "Bearer " + KEY)) {
            JsonNode call = events.call(id);
            assertThat(call.path("error_type").asText()).isEqualTo("provider_unavailable");
            assertThat(call.path("message").asText()).isNotBlank();
            assertThat(call.at("/attempt_list/0/error_type").asText()).isEqualTo("provider_unavailable");
        }
    }

    @Test
    void theEventsEndWithTheSession() throws Exception {
        String cookie = session();
        try (Events events = Events.open("cookie", cookie)) {
            events.next("pulse");
            logOut(cookie, "sec-fetch-site", "same-origin");
            assertThat(events.rest()).doesNotContain("error");
        }
    }

    @Test
    void openPagesDoNotKeepTheGatewayFromStopping() throws Exception {
        Gateway own = Gateway.start("mehari.access.admin-key=" + KEY);
        try (Events events = Events.open(own, "authorization", "Bearer " + KEY)) {
            events.next("pulse");
            own.close();
            // Else it would have waited for the page, and then have told it that it takes too long.
            assertThat(events.rest()).doesNotContain("shutting down");
        }
    }

    /** The stream of events as a browser has it. */
    private record Events(HttpClient http, BufferedReader lines) implements AutoCloseable {
        static Events open(String header, String value) throws Exception {
            return open(gateway, header, value);
        }

        static Events open(Gateway at, String header, String value) throws Exception {
            HttpClient http = HttpClient.newHttpClient();
            HttpRequest request = HttpRequest.newBuilder(URI.create(at.url() + "/dashboard/events"))
                    .header(header, value)
                    .build();
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "content-type")).startsWith("text/event-stream");
            return new Events(http, new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
        }

        /** The data of the next event of that kind. */
        JsonNode next(String kind) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("event: " + kind)) {
                    return ErrorCheck.tree(lines.readLine().substring("data: ".length()));
                }
            }
            throw new AssertionError("the events ended without a " + kind);
        }

        /** That call, when it is told. */
        JsonNode call(String requestId) throws IOException {
            while (true) {
                for (JsonNode call : next("calls").path("calls")) {
                    if (call.path("request_id").asText().equals(requestId)) {
                        return call;
                    }
                }
            }
        }

        /** What comes until the gateway ends the answer, in order. */
        String rest() throws IOException {
            StringBuilder rest = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rest.append(line).append('\n');
            }
            return rest.toString();
        }

        @Override
        public void close() {
            http.shutdownNow();
        }
    }
}
