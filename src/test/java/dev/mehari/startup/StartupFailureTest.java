package dev.mehari.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.testing.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** A mistake in a file stops the start, and is told with file, line and reason instead of a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureTest {
    private static final String ROUTE = """
            - route:
                id: mine
                from:
                  uri: %s
                  steps:
                    - %s:
                        %s
            """;

    @TempDir
    private Path folder;

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of("mehari:\n  a: 1\n b: [\n", "application.yaml, line 3, column 2: not valid YAML"),
                Arguments.of("mehari:\n\tlimits: 3\n", "application.yaml, line 2, column 1: not valid YAML"),
                Arguments.of(
                        "mehari:\n  limits:\n    concurrent-calls: many\n",
                        "mehari.limits.concurrent-calls|Value: \"many\"|application.yaml] - 3:23|Reason:"),
                Arguments.of("mehari:\n  limits:\n    body-size: 3GB\n", "mehari.limits.body-size is 3221225472B"),
                Arguments.of(
                        "mehari:\n  streaming:\n    keep-alive: soon\n",
                        "application.yaml] - 3:17|'soon' is not a valid duration"),
                Arguments.of(
                        "mehari:\n  providers:\n    openai:\n      auth: basic\n",
                        "application.yaml] - 4:13|BEARER|NONE"),
                Arguments.of(
                        "mehari:\n  providers:\n    openai: {protocol: soap}\n",
                        "provider \"openai\" speaks the protocol \"soap\", which is not known|Use one of [|openai"),
                Arguments.of(
                        "mehari:\n  limits: {queue: -1}\n",
                        "mehari.limits allows 20000 concurrent-calls with a queue of -1"),
                Arguments.of(
                        "mehari:\n  providers:\n    openai: {timeouts: {idle: 0s}}\n",
                        "provider \"openai\" has a time-out that is not positive"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      hedge: 0s\n      deployments: [{provider: demo}]\n",
                        "application.yaml, line 4: model group \"a\" has a hedge of PT0S"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      deployments:\n        - provider: demo\n"
                                + "          timeouts: {total: 0s}\n",
                        "application.yaml, line 5: model group \"a\" has a deployment with a time-out"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      deployments: [{provider: demo, model: m}]\n"
                                + "    - name: b\n      deployments: [{provider: demo, model: m, timeouts: {idle: 1s}}]\n",
                        "gives the deployment demo/m other timeouts than another group does"),
                Arguments.of(
                        "mehari:\n  providers:\n    openai: {http-version: 3}\n",
                        "provider \"openai\" has the http-version 3, and may have 1.1 or 2"),
                Arguments.of(
                        "mehari:\n  providers:\n    openai: {pool: {max-streams: 0}}\n",
                        "the pool of provider \"openai\" allows no connection or no stream"),
                Arguments.of(
                        "mehari:\n  providers:\n    mine: {base-url: \"http://h/v1\"}\n",
                        "provider \"mine\" has no protocol"),
                Arguments.of(
                        "mehari:\n  providers:\n    mine: {protocol: openai, base-url: \"http://h/v1\"}\n",
                        "provider \"mine\" has no route|routes/provider-mine.camel.yaml"),
                Arguments.of(
                        "mehari:\n  providers:\n    groq: {base-url: \"localhost:1234\"}\n",
                        "provider \"groq\" has the address localhost:1234, which is no http or https URL"),
                Arguments.of(
                        "mehari:\n  providers:\n    azure: {entra: {managed-identity: true, identity-endpoint: here}}\n",
                        "provider \"azure\" is to get its tokens from here, which is no http or https URL"
                                + "|azure.entra.identity-endpoint"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n      deployments:\n        - {provider: nobody}\n",
                        "application.yaml, line 5: model group \"fast\" names provider \"nobody\", which is not"
                                + " configured"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n",
                        "application.yaml, line 3: model group \"fast\" has no deployment"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n      deployments: [{model: x}]\n",
                        "model group \"fast\" has a deployment without a provider"),
                Arguments.of(
                        "mehari:\n  models:\n    - deployments: [{provider: demo}]\n", "a model group has no name"),
                Arguments.of(
                        "mehari:\n  redis: {url: \"http://cache\"}\n",
                        "REDIS_URL (mehari.redis.url) does not begin with redis:// or rediss://|Write redis://"),
                Arguments.of("mehari:\n  redis: {url: \"redis://c\", timeout: 0s}\n", "mehari.redis.timeout is PT0S"),
                Arguments.of(
                        "mehari:\n  redis: {url: \"redis://c\", namespace: \"{a}\"}\n",
                        "mehari.redis.namespace is \"{a}\""),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n      deployments:\n        - provider: demo\n"
                                + "          weight: 0\n",
                        "application.yaml, line 6: model group \"fast\" has a deployment of weight 0|1 or more"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n      deployments:\n        - provider: demo\n"
                                + "          priority: 0\n",
                        "application.yaml, line 6: model group \"fast\" has a deployment that is never reached"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n      deployments:\n        - {provider: demo, rpm: 0}\n",
                        "application.yaml, line 5: model group \"fast\" has a deployment with rpm 0"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: fast\n      deployments:\n        - {provider: demo, model: m}\n"
                                + "        - {provider: demo, model: m, priority: 2}\n",
                        "application.yaml, line 6: model group \"fast\" has the deployment demo/m twice"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      deployments: [{provider: demo, model: m, rpm: 5}]\n"
                                + "    - name: b\n      deployments: [{provider: demo, model: m, rpm: 6}]\n",
                        "application.yaml, line 6: model group \"b\" gives the deployment demo/m other limits"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      deployments: [{provider: demo}]\n    - name: a\n"
                                + "      deployments: [{provider: demo}]\n",
                        "application.yaml, line 5: model group \"a\" is there twice"),
                Arguments.of(
                        "mehari:\n  models:\n    - {name: a, alias: b}\n    - {name: b, alias: c}\n"
                                + "    - {name: c, alias: a}\n",
                        "application.yaml, line 3: model group \"a\" is an alias in a circle: a → b → c → a"),
                Arguments.of(
                        "mehari:\n  models:\n    - {name: a, alias: b}\n",
                        "application.yaml, line 3: model group \"a\" is an alias of \"b\", which is no model group"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      alias: b\n      deployments: [{provider: demo}]\n"
                                + "    - name: b\n      deployments: [{provider: demo}]\n",
                        "application.yaml, line 4: model group \"a\" has both an alias and deployments"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      max-attempts: 0\n      deployments: [{provider: demo}]\n",
                        "application.yaml, line 4: model group \"a\" has max-attempts 0"),
                Arguments.of(
                        "mehari:\n  models:\n    - name: a\n      strategy: fastest\n",
                        "application.yaml] - 4:17|WEIGHTED|LEAST_LATENCY|STICKY"),
                Arguments.of(
                        "mehari:\n  routing:\n    cooldown:\n      error-rate: 1.5\n",
                        "application.yaml, line 4: error-rate is 1.5"),
                Arguments.of("mehari:\n  default-provider: nobody\n", "mehari.default-provider is \"nobody\""));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aBrokenApplicationYamlIsTold(String yaml, String words, CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yaml"), yaml);
        fails(output, words, "spring.config.additional-location=file:" + file);
    }

    static Stream<Arguments> routes() {
        return Stream.of(
                Arguments.of("- route:\n    id: x\n   from: [\n", "line 3, column 4: "),
                Arguments.of(
                        ROUTE.formatted("direct:mine", "frobnicate", "ref: readCall"),
                        "line 6, column 11: |frobnicate"),
                Arguments.of(
                        ROUTE.formatted("direct:mine", "process", "ref: noSuchStep"),
                        "line 7, column 18: route \"mine\" cannot be made: there is no step or bean \"noSuchStep\""),
                Arguments.of(
                        ROUTE.formatted("direct:mine", "process", "reff: readCall"),
                        "line 7, column 19: Unsupported field: reff"),
                Arguments.of(
                        ROUTE.formatted("platform-http:/mine?httpMethod=POST", "process", "ref: readCall"),
                        "line 4, column 32: route \"mine\" cannot be made: its endpoint has no parameter \"httpMethod\""),
                Arguments.of(
                        ROUTE.formatted("nosuch:mine", "process", "ref: readCall"),
                        "line 4, column 12: route \"mine\" cannot be made: No endpoint could be found for: nosuch://mine"),
                Arguments.of(
                        ROUTE.formatted("direct:chat", "process", "ref: readCall"),
                        "more than one route begins at direct:chat|chat.camel.yaml, line 8|mine.camel.yaml, line "),
                Arguments.of(
                        ROUTE.formatted("direct:mine", "process", "ref: readCall")
                                .replace("id: mine", "id: chat"),
                        "the route id \"chat\" is there more than once|chat.camel.yaml, line 2|mine.camel.yaml, line 2, column 5"),
                Arguments.of("", "line 1: the route file is empty"),
                Arguments.of(
                        "# mine\nroute:\n  id: x\n", "line 2, column 1: a route file is a list, and this is none"));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aBrokenRouteFileIsTold(String yaml, String words, CapturedOutput output) throws IOException {
        for (Resource route : new PathMatchingResourcePatternResolver().getResources("classpath:routes/*.camel.yaml")) {
            Files.write(folder.resolve(String.valueOf(route.getFilename())), route.getContentAsByteArray());
        }
        Files.writeString(folder.resolve("mine.camel.yaml"), yaml);
        fails(output, "mine.camel.yaml|" + words, "mehari.routes.folder=" + folder);
    }

    @Test
    void aFolderWithoutRoutesIsTold(CapturedOutput output) {
        fails(output, "there is no route file (*.camel.yaml) in " + folder, "mehari.routes.folder=" + folder);
    }

    @Test
    void routesWithoutTheChatRouteAreTold(CapturedOutput output) throws IOException {
        Files.writeString(
                folder.resolve("mine.camel.yaml"), ROUTE.formatted("direct:mine", "process", "ref: readCall"));
        fails(output, "the routes hold no route \"chat\"", "mehari.routes.folder=" + folder);
    }

    @Test
    void aPublicAddressWithoutKeysIsRefused(CapturedOutput output) {
        fails(output, "HOST is 0.0.0.0|MEHARI_API_KEYS|MEHARI_ALLOW_ANONYMOUS=true", "server.address=0.0.0.0");
        fails(output, "HOST is 0.0.0.0", "server.address=0.0.0.0", "mehari.access.api-keys= , ");
        fails(output, "HOST nowhere.invalid is not an address", "server.address=nowhere.invalid");
    }

    @Test
    void aMisspeltSettingIsTold(CapturedOutput output) {
        Gateway.start("mehari.limitz.body-size=1MB").close();
        assertThat(output.toString()).contains("the setting mehari.limitz.body-size", "is not known");
    }

    @Test
    void allShippedSettingsAreKnown(CapturedOutput output) {
        Gateway.start().close();
        assertThat(output.toString()).doesNotContain("is not known");
    }

    @Test
    void aPublicAddressWithKeysOrOnPurposeIsServed() {
        try (Gateway gateway = Gateway.start("server.address=0.0.0.0", "mehari.access.api-keys=k")) {
            assertThat(gateway.get("/v1/models").statusCode()).isEqualTo(401);
        }
        try (Gateway gateway = Gateway.start("server.address=0.0.0.0", "mehari.access.allow-anonymous=true")) {
            assertThat(gateway.get("/v1/models").statusCode()).isEqualTo(200);
        }
    }

    /** @param words parts of the report, in any order, divided by bars */
    private static void fails(CapturedOutput output, String words, String... settings) {
        assertThatThrownBy(() -> Gateway.start(settings).close()).isNotNull();
        assertThat(output.toString())
                .contains("Mehari cannot start: ")
                .contains(words.split("\\|"))
                .doesNotContain("\tat ", "Caused by");
    }
}
