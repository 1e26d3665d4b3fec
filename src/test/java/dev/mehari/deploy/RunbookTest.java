package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alert finds what to do under its name. */
class RunbookTest {
    private static final Pattern HEADING = Pattern.compile("^### (Mehari\\w+)$", Pattern.MULTILINE);

    @Test
    void everyAlertHasOneAndNothingElseHas() throws IOException {
        JsonNode rules = HelmChart.read(Files.readString(Path.of("deploy/prometheus-alerts.yaml")))
                .getFirst();
        List<String> alerts = rules.findValuesAsText("alert");
        assertThat(alerts).isNotEmpty();
        List<String> runbooks = HEADING.matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .map(heading -> heading.group(1))
                .toList();
        assertThat(runbooks).isEqualTo(alerts);
    }
}
