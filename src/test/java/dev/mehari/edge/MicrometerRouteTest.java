package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators count in their own routes with Camel's {@code micrometer:} endpoint. */
class MicrometerRouteTest {
    private static final String COUNTING = """
        - route:
            id: counting-door
            description: Counts who knocks
            routeConfigurationId: errors
            from:
              uri: platform-http:/counting
              parameters:
                httpMethodRestrict: GET
              steps:
                - to:
                    description: One more
                    uri: micrometer:counter:operator.knocks
                    parameters:
                      increment: "2"
                      tags: door=front
                - setBody:
                    description: Somebody is home
                    expression:
                      constant:
                        expression: "yes"
        """;

    @Test
    void itsCountersAreAmongTheMetrics(@TempDir Path folder) throws Exception {
        String routes = RoutesFolder.edited(folder);
        Files.writeString(folder.resolve("counting.camel.yaml"), COUNTING);
        try (Gateway gateway = Gateway.start(routes)) {
            assertThat(gateway.get("/counting").body()).isEqualTo("yes");
            assertThat(gateway.get("/counting").statusCode()).isEqualTo(200);
            String metrics = gateway.get("/metrics").body();
            assertThat(metrics.lines())
                    .anyMatch(line -> line.startsWith("operator_knocks_total{")
                            && line.contains("door=\"front\"")
                            && line.endsWith(" 4.0"));
            assertThat(metrics).doesNotContain("camel_exchanges");
        }
    }

    @Test
    void routesAreMeasuredWhenAskedFor() {
        try (Gateway gateway = Gateway.start("mehari.metrics.routes=true")) {
            gateway.chat(Answers.ask("demo", false));
            assertThat(gateway.get("/metrics").body()).contains("routeId=\"chat\"");
        }
    }
}
