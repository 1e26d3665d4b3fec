package dev.mehari.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.conformance.Plan.GatewayPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/conformance-tool.md lists what is demanded. {@code -Dgolden.update=true} rewrites the list. */
class ConformanceDocTest {
    private static final Path DOC = Path.of("docs/conformance-tool.md");
    private static final String MARK = "<!-- Written by ConformanceDocTest (-Dgolden.update=true). -->\n";

    private static List<Demand> demands() {
        return ConformanceRun.groups(new GatewayPlan(null, null, null, null, null)).stream()
                .flatMap(group -> group.demands().stream())
                .toList();
    }

    @Test
    void theDocumentListsAllDemands() throws IOException {
        String doc = Files.readString(DOC);
        String head = doc.substring(0, doc.indexOf(MARK) + MARK.length());
        String table = demands().stream()
                .map(demand -> "| `" + demand.id() + "`" + (demand.must() ? "" : " (note)") + " | " + demand.text()
                        + " | " + demand.source() + " |\n")
                .collect(Collectors.joining("", "| Case | Demands | Source |\n|---|---|---|\n", ""));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(DOC, head + table);
        }
        assertThat(Files.readString(DOC)).isEqualTo(head + table);
    }

    @Test
    void noTwoDemandsShareAnIdAndEachSaysWhatToDo() {
        assertThat(demands()).extracting(Demand::id).doesNotHaveDuplicates();
        assertThat(demands()).allSatisfy(demand -> {
            assertThat(demand.id()).matches("[a-z-]+\\.[a-z0-9-]+");
            assertThat(List.of(demand.text(), demand.source(), demand.advice())).noneMatch(String::isBlank);
            assertThat(demand.text()).doesNotContain("|");
        });
    }
}
