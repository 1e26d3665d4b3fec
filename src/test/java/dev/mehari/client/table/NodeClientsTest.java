package dev.mehari.client.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mehari.testing.family.Families;
import dev.mehari.testing.family.Family;
import dev.mehari.testing.family.Model;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * JavaScript's clients before the gateway: {@code clients/node}, run by Node's own test runner. The table is written to
 * target/clients-node.md. Without npm there are no such clients; {@code .ci/run} fails then, this is skipped with a word.
 */
@Timeout(600)
class NodeClientsTest {
    private static final int NOT_TO_BE_HAD = 77;
    private static final Pattern PASSED = Pattern.compile("(?m)^. pass (\\d+)$");

    @Test
    void allOfThemFindWhatTheyExpect() throws Exception {
        try (Families families = Families.start()) {
            ProcessBuilder run = new ProcessBuilder("clients/node/run").redirectErrorStream(true);
            run.environment().putAll(told(families));
            run.redirectInput(new File("/dev/null"));
            Process process = run.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code == NOT_TO_BE_HAD) {
                System.err.println(output);
                abort(output);
            }
            assertThat(code).as(output).isZero();
            Matcher passed = PASSED.matcher(output);
            assertThat(passed.find()).as(output).isTrue();
            assertThat(Integer.parseInt(passed.group(1)))
                    .isGreaterThan(Family.values().length * Capability.values().length);
        }
    }

    private static Map<String, String> told(Families families) throws Exception {
        ObjectMapper json = new ObjectMapper();
        Map<String, String> models =
                Arrays.stream(Family.values()).collect(Collectors.toMap(Family::provider, Family::model));
        Map<String, Integer> usage = Map.of("prompt", Model.PROMPT, "cached", Model.CACHED, "said", Model.SAID);
        return Map.of(
                "GATEWAY_URL",
                families.gateway().url(),
                "GATEWAY_KEY",
                Families.KEY,
                "FAKES_URL",
                families.address(),
                "FAMILIES",
                json.writeValueAsString(models),
                "USAGE",
                json.writeValueAsString(usage),
                "THOUGHTS",
                Model.FIRST_SIGNATURE + ", " + Model.SECOND_SIGNATURE);
    }
}
