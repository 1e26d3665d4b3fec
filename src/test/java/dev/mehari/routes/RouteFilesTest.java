package dev.mehari.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.mehari.chat.Json;
import dev.mehari.provider.Provider;
import dev.mehari.testing.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The route files as things that operators read, draw and edit: they keep to one form. */
class RouteFilesTest {
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V4)
            .getSchema(RouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));

    /** Steps that say by their own words what they do. */
    private static final Set<String> PLAIN = Set.of("to", "setProperty", "setHeader", "marshal", "unmarshal");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void theFileIsWhatCamelAndKaotoExpect(Path file) throws IOException {
        assertThat(SCHEMA.validate(tree(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void noCommentIsThereForKaotoToLose(Path file) throws IOException {
        assertThat(Files.readAllLines(file).stream().skip(1))
                .noneMatch(line -> line.strip().startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRouteHasAnIdADescriptionAndItsDirectName(Path file) throws IOException {
        for (JsonNode route : tree(file).findValues("route")) {
            String id = route.path("id").asText();
            assertThat(id).isNotEmpty();
            assertThat(route.path("description").asText()).as(id).isNotBlank();
            String uri = route.path("from").path("uri").asText();
            assertThat(uri).as(id).startsWith(uri.startsWith("direct:") ? "direct:" + id : "platform-http:/");
            steps(id, route.path("from").path("steps"));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyAdminDoorAsksForTheAdminKeyFirst(Path file) throws IOException {
        for (JsonNode route : tree(file).findValues("route")) {
            JsonNode from = route.path("from");
            if (from.path("uri").asText().startsWith("platform-http:/admin")) {
                assertThat(from.path("steps")
                                .path(0)
                                .path("process")
                                .path("ref")
                                .asText())
                        .as(route.path("id").asText())
                        .isEqualTo("authenticateAdmin");
            }
        }
    }

    private static void steps(String route, JsonNode steps) {
        for (JsonNode step : steps) {
            String kind = step.fieldNames().next();
            JsonNode body = step.path(kind);
            if (!PLAIN.contains(kind) && !body.has("method")) {
                assertThat(body.path("description").asText())
                        .as(route + ": " + kind)
                        .isNotBlank();
            }
            Stream.concat(Stream.of(body, body.path("otherwise"), body.path("onFallback")), children(body.path("when")))
                    .forEach(inner -> steps(route, inner.path("steps")));
            for (JsonNode when : body.path("when")) {
                assertThat(when.path("description").asText())
                        .as(route + ": when")
                        .isNotBlank();
                assertThat(when.path("expression").toString()).as(route).doesNotContain("${body");
            }
        }
    }

    private static Stream<JsonNode> children(JsonNode list) {
        return Stream.iterate(0, i -> i < list.size(), i -> i + 1).map(list::get);
    }

    @ParameterizedTest
    @MethodSource("files")
    void streamsAreNeverCachedAndBreakersSeeFailures(Path file) throws IOException {
        for (JsonNode route : tree(file).findValues("route")) {
            String id = route.path("id").asText();
            if (Set.of("chat", "messages", "attempts").contains(id)
                    || id.startsWith("provider-")
                    || id.startsWith("protocol-")) {
                assertThat(route.path("streamCache").asText()).as(id).isEqualTo("false");
                assertThat(route.path("errorHandler").has("noErrorHandler"))
                        .as(id)
                        .isTrue();
            }
        }
    }

    @Test
    void everyProviderHasItsRouteBehindACircuitBreaker() throws IOException {
        for (Provider provider : Shipped.providers().all()) {
            JsonNode file = tree(Path.of("routes/provider-" + provider.name() + ".camel.yaml"));
            JsonNode route = file.path(0).path("route");
            assertThat(route.path("id").asText()).isEqualTo("provider-" + provider.name());
            JsonNode breaker = route.path("from").path("steps").path(0).path("circuitBreaker");
            JsonNode limits = breaker.path("resilience4jConfiguration");
            assertThat(limits.path("slidingWindowSize").asInt()).isEqualTo(50);
            assertThat(limits.path("minimumNumberOfCalls").asInt()).isEqualTo(20);
            assertThat(limits.path("failureRateThreshold").asInt()).isEqualTo(80);
            assertThat(breaker.path("steps").findValuesAsText("uri"))
                    .containsExactly("direct:protocol-" + provider.protocol());
            assertThat(breaker.path("onFallback").findValuesAsText("ref")).containsExactly("recordFailure");
            assertThat(Path.of("routes/protocol-" + provider.protocol() + ".camel.yaml"))
                    .exists();
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        return Json.MAPPER.valueToTree(new Yaml().<Object>load(Files.readString(file)));
    }
}
