package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator sees of the routes, and does to them. */
class AdminRoutesTest {
    private static final String ASK = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String[] KEY = {"authorization", "Bearer admin-key-of-this-test"};

    @TempDir
    private static Path folder;

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                RoutesFolder.edited(folder),
                "mehari.routes.reload=off",
                "mehari.access.admin-key=" + KEY[1].substring("Bearer ".length()),
                "mehari.models[0].name=group",
                "mehari.models[0].deployments[0].provider=demo",
                "mehari.models[0].deployments[0].model=demo");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aRouteIsListedWithItsNumbersAndItsPlaceAndCountsOnWhenItIsLoadedAnew() throws IOException {
        assertThat(gateway.chat(ASK.formatted("demo")).statusCode()).isEqualTo(200);
        JsonNode before = route("provider-demo");
        assertThat(before.path("calls").asLong()).isPositive();
        assertThat(before.path("failures").asLong()).isZero();
        assertThat(before.path("in_flight").asLong()).isZero();
        assertThat(before.path("mean_ms").asDouble()).isPositive();
        assertThat(before.path("p99_ms").asDouble()).isPositive();
        assertThat(before.path("from").asText()).isEqualTo("direct:provider-demo");
        assertThat(before.path("state").asText()).isEqualTo("started");
        assertThat(before.path("source").asText()).isEqualTo(folder.getFileName() + "/provider-demo.camel.yaml:2");

        String unchanged = route("chat").path("changed").asText();
        Path file = folder.resolve("provider-demo.camel.yaml");
        Files.writeString(file, Files.readString(file).replace("behind its circuit breaker", "now with other words"));
        assertThat(post("/admin/routes/reload").statusCode()).isEqualTo(200);
        assertThat(gateway.chat(ASK.formatted("demo")).statusCode()).isEqualTo(200);
        JsonNode after = route("provider-demo");
        assertThat(after.path("description").asText()).contains("now with other words");
        assertThat(after.path("calls").asLong())
                .isGreaterThan(before.path("calls").asLong());
        assertThat(after.path("changed").asText())
                .isGreaterThan(before.path("changed").asText());
        assertThat(route("chat").path("changed").asText()).isEqualTo(unchanged);
    }

    @Test
    void aRefusedReloadIsToldToWhoAskedAndOnStats() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.camel.yaml"),
                "- route:\n    idd: mine\n    from:\n      uri: direct:mine\n      steps: []\n");
        HttpResponse<String> answer = post("/admin/routes/reload");
        assertThat(answer.statusCode()).isEqualTo(422);
        String place = folder.getFileName() + "/mine.camel.yaml";
        assertThat(ErrorCheck.tree(answer.body()).path("error").path("message").asText())
                .contains(place + ", line 2, column 5: \"route\" has no option \"idd\"");
        JsonNode stats = ErrorCheck.tree(gateway.get("/stats").body()).path("routes");
        assertThat(stats.path("refused").asInt()).isPositive();
        assertThat(stats.path("problems").path(0).path("file").asText()).isEqualTo(place);
        assertThat(stats.path("problems").path(0).path("line").asInt()).isEqualTo(2);
        assertThat(stats.path("problems").path(0).path("column").asInt()).isEqualTo(5);
        Files.delete(file);
        assertThat(post("/admin/routes/reload").statusCode()).isEqualTo(200);
        assertThat(ErrorCheck.tree(gateway.get("/stats").body()).path("routes").path("problems"))
                .isEmpty();
    }

    @Test
    void aSuspendedProviderIsPassedByUntilItIsResumed() {
        assertThat(post("/admin/routes/provider-demo/suspend").statusCode()).isEqualTo(200);
        assertThat(route("provider-demo").path("state").asText()).isEqualTo("suspended");
        for (String model : new String[] {"demo", "group"}) {
            HttpResponse<String> refused = gateway.chat(ASK.formatted(model));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("provider \\\"demo\\\" is suspended");
        }
        assertThat(post("/admin/routes/provider-demo/resume").statusCode()).isEqualTo(200);
        for (String model : new String[] {"demo", "group"}) {
            assertThat(gateway.chat(ASK.formatted(model)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void onlyProvidersCanBeSuspended() {
        assertThat(post("/admin/routes/chat/suspend").statusCode()).isEqualTo(400);
        assertThat(post("/admin/routes/provider-nobody/suspend").statusCode()).isEqualTo(404);
    }

    @Test
    void nobodyElseMayDoAnyOfIt() {
        assertThat(gateway.get("/admin/routes").statusCode()).isEqualTo(401);
        assertThat(gateway.post("/admin/routes/reload", "").statusCode()).isEqualTo(401);
        assertThat(gateway.post("/admin/routes/provider-demo/suspend", "").statusCode())
                .isEqualTo(401);
    }

    private static HttpResponse<String> post(String path) {
        return gateway.post(path, "", KEY);
    }

    private static JsonNode route(String id) {
        for (JsonNode route :
                ErrorCheck.tree(gateway.get("/admin/routes", KEY).body()).path("routes")) {
            if (route.path("id").asText().equals(id)) {
                return route;
            }
        }
        throw new AssertionError("no route " + id);
    }
}
