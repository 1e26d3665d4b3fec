package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alert finds what to do under its name. */
class RunbookTest {
    private static final Pattern HEADING = Pattern.compile("^### (Mehari\\w+)$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([\\w./-]+\\.md)?#([\\w-]+)\\)");

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

    /** Links within these pages, by the way GitHub makes anchors of headings. */
    @Test
    void linksToHeadingsLeadSomewhere() throws IOException {
        for (String page : List.of("operations.md", "kubernetes.md", "scaling.md")) {
            for (MatchResult link : LINK.matcher(Files.readString(Path.of("docs", page)))
                    .results()
                    .toList()) {
                Path target = Path.of("docs").resolve(link.group(1) == null ? page : link.group(1));
                List<String> anchors = Files.readAllLines(target).stream()
                        .filter(line -> line.startsWith("#"))
                        .map(line -> line.replaceFirst("^#+ ", "")
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\w -]", "")
                                .replace(' ', '-'))
                        .toList();
                assertThat(anchors).as(page + " links " + link.group()).contains(link.group(2));
            }
        }
    }
}
