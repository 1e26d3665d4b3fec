package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Sha256;
import dev.mehari.chat.Usage;
import dev.mehari.spend.CurrentTerms;
import dev.mehari.spend.Terms;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is data in application.yaml comes into use while the gateway runs; mistakes are told and change nothing. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsReloadTest {
    private static final String GROUP = """
        mehari:
          models:
            - name: pair
              deployments:
                - {provider: demo, model: demo, weight: %d}
                - {provider: demo, model: demo-slow, name: other, weight: %d, priority: %d}
        """;
    private static final String ASK = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    private Path top;

    private Path file = Path.of("");
    private Path routes = Path.of("");
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        routes = Files.createDirectory(top.resolve("routes"));
        file = Files.writeString(top.resolve("mine.yaml"), GROUP.formatted(1, 1, 2));
        gateway = Gateway.start(
                RoutesFolder.edited(routes),
                "mehari.demo.word-delay=0ms",
                "spring.config.additional-location=file:" + file);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void weightsAndPrioritiesChangeAndNumbersAreKept() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.chat(ASK.formatted("pair")).statusCode()).isEqualTo(200);
        }
        assertThat(deployment("demo/demo").path("successes").asInt()).isEqualTo(3);
        Files.writeString(file, GROUP.formatted(5, 7, 1).replace("weight: 5", "weight: 5, priority: 2"));
        Eventually.holds(
                Duration.ofSeconds(20),
                "the new weight is shown",
                () -> deployment("demo/demo").path("weight").asInt() == 5);
        assertThat(deployment("demo/demo").path("successes").asInt()).isEqualTo(3);
        assertThat(gateway.chat(ASK.formatted("pair")).statusCode()).isEqualTo(200);
        assertThat(deployment("other").path("successes").asInt()).isEqualTo(1);
        assertThat(deployment("demo/demo").path("successes").asInt()).isEqualTo(3);
    }

    @Test
    void keysTeamsAndPricesChangeWithoutARestart() throws IOException {
        String keys = "mehari:\n"
                + "  keys:\n"
                + "    list:\n"
                + "      - {key-hash: \"sha256:%s\", team: t}\n"
                + "    teams:\n"
                + "      - {name: t, budget: %s}\n"
                + "  prices:\n"
                + "    - {provider: ollama, models: [\"*\"], price: {input: 7}}\n";
        Files.writeString(file, keys.formatted(Sha256.hex("one"), "5"));
        gateway.bean(SettingsReload.class).reload();
        Eventually.holds(
                Duration.ofSeconds(20),
                "only the key gets in",
                () -> gateway.chat(ASK.formatted("demo")).statusCode() == 401
                        && gateway.chat(ASK.formatted("demo"), "authorization", "Bearer one")
                                        .statusCode()
                                == 200);
        Terms terms = gateway.bean(CurrentTerms.class).get();
        assertThat(terms.teams().get("t").nanos()).isEqualTo(5_000_000_000L);
        assertThat(terms.prices().cost("x", "ollama", "llama", Usage.of(1L, 0L)).nanos())
                .isEqualTo(7000);
        assertThat(settings().path("need_restart")).isEmpty();
        Files.writeString(file, keys.formatted("not a hash", "5"));
        Refused refused = catchThrowableOfType(
                Refused.class, () -> gateway.bean(SettingsReload.class).reload());
        assertThat(refused.getMessage()).contains("mehari.keys.list[0].key-hash");
        assertThat(gateway.chat(ASK.formatted("demo"), "authorization", "Bearer one")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aProviderComesWithItsSettingsAndItsRouteInEitherOrder() throws IOException {
        String provider = "mehari:\n  providers:\n    acme: {protocol: demo, auth: none}\n";
        Files.writeString(file, provider);
        Eventually.holds(
                Duration.ofSeconds(20),
                "it is told that the route is missing",
                () -> settings().path("problem").asText().contains("provider \"acme\" has no route"));
        Path route = routes.resolve("provider-acme.camel.yaml");
        Files.writeString(
                route,
                Files.readString(routes.resolve("provider-demo.camel.yaml")).replace("provider-demo", "provider-acme"));
        Eventually.holds(
                Duration.ofSeconds(20),
                "it serves",
                () -> gateway.chat(ASK.formatted("acme/demo")).statusCode() == 200);
        assertThat(settings().path("problem").isNull()).isTrue();

        // Both go at once.
        Files.writeString(file, "");
        Files.delete(route);
        Eventually.holds(
                Duration.ofSeconds(20),
                "it is gone",
                () -> gateway.chat(ASK.formatted("demo"), "x-provider", "acme").statusCode() == 400);
        Eventually.holds(
                Duration.ofSeconds(20),
                "its route too",
                () -> gateway.bean(LiveRoutes.class).live().routes().get("provider-acme") == null);
    }

    @Test
    void whatNeedsARestartIsNamed() throws IOException {
        Files.writeString(
                file,
                "server: {port: 1}\nmehari:\n  limits: {body-size: 1MB, concurrent-calls: 5}\n"
                        + "  routing: {cooldown: {first: 1s}, retries: 1}\n  streaming: {keep-alive: 3s}\n");
        assertThat(gateway.bean(SettingsReload.class).reload()).isTrue();
        // The port of this test is an option, which wins over the file.
        assertThat(settings().path("need_restart").toString())
                .isEqualTo("[\"mehari.limits.body-size\",\"mehari.routing.cooldown.first\"]");
        assertThat(gateway.chat(ASK.formatted("pair")).statusCode()).isEqualTo(404);
    }

    @Test
    void aSettingThatIsNotKnownIsWarnedOfOnceWhateverElseChanges(CapturedOutput output) throws IOException {
        SettingsReload settings = gateway.bean(SettingsReload.class);
        save(GROUP.formatted(1, 1, 2) + "  limitz: {a: 1}\n");
        assertThat(settings.reload()).isFalse();
        assertThat(settings.reload()).isFalse();
        assertThat(output.toString())
                .containsOnlyOnce("the setting mehari.limitz.a (")
                .contains("mine.yaml] - 7:15) is not known and has no effect");
        save(GROUP.formatted(4, 1, 2) + "  limitz: {a: 1}\n  modelz: b\n");
        Eventually.holds(
                Duration.ofSeconds(20),
                "the new weight is shown",
                () -> deployment("demo/demo").path("weight").asInt() == 4);
        settings.reload();
        assertThat(output.toString())
                .containsOnlyOnce("the setting mehari.limitz.a (")
                .containsOnlyOnce("the setting mehari.modelz (");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mehari: {models: [ | mine.yaml, line 1, column",
                "mehari: {limits: {concurrent-calls: many}} | mine.yaml, line 1, column 37:"
                        + " mehari.limits.concurrent-calls",
                "mehari: {models: [{name: a}]} | mine.yaml, line 1: model group \"a\" has no deployment",
                "mehari: {models: [{name: a, deployments: [{provider: nobody}]}]} | names provider \"nobody\"",
                "mehari: {default-provider: nobody} | mehari.default-provider is \"nobody\"",
                "mehari: {providers: {x: {protocol: soap}}} | speaks the protocol \"soap\"",
                "mehari: {limits: {queue: -1}} | mehari.limits allows",
            })
    void aMistakeIsToldAndNothingChanges(String yaml, String told) throws IOException {
        Files.writeString(file, yaml);
        Refused refused = catchThrowableOfType(
                Refused.class, () -> gateway.bean(SettingsReload.class).reload());
        assertThat(refused).hasMessageContaining(told);
        assertThat(settings().path("problem").asText()).contains(told);
        assertThat(gateway.chat(ASK.formatted("pair")).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
        Files.writeString(file, GROUP.formatted(2, 3, 2));
        Eventually.holds(
                Duration.ofSeconds(20),
                "the next good save is taken",
                () -> deployment("demo/demo").path("weight").asInt() == 2);
    }

    /** At once, so that no half of it is seen. */
    private void save(String text) throws IOException {
        Path beside = Files.writeString(top.resolve("mine.yaml~"), text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private JsonNode settings() {
        return ErrorCheck.tree(gateway.get("/stats").body()).path("settings");
    }

    private JsonNode deployment(String name) {
        HttpResponse<String> stats = gateway.get("/stats");
        for (JsonNode entry :
                ErrorCheck.tree(stats.body()).path("groups").path(0).path("deployments")) {
            if (entry.path("name").asText().equals(name)) {
                return entry;
            }
        }
        return ErrorCheck.tree("{}");
    }
}
