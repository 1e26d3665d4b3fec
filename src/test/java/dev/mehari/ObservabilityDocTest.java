package dev.mehari;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Script;
import dev.mehari.testing.TwoProviders;
import dev.mehari.usage.ErrorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/observability.md, the dashboard and the alerts name the metrics that there are, and all of them. */
class ObservabilityDocTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:mehari|gen_ai)_[a-z_]+");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|sum|count|max)$");

    private static Set<String> named(String text) {
        Set<String> names = new TreeSet<>();
        Matcher found = METRIC.matcher(text);
        while (found.find()) {
            names.add(SUFFIX.matcher(found.group()).replaceAll(""));
        }
        return names;
    }

    @Test
    void theDocumentNamesAllMetricsAndNoOthers(@TempDir Path folder) throws IOException {
        String document = Files.readString(Path.of("docs/observability.md"));
        Set<String> documented =
                named(document.replaceAll("`?gen_ai_(operation_name|provider_name|request_model|token_type)`?", ""));
        documented.removeIf(name -> {
            for (ErrorType type : ErrorType.values()) {
                if (name.equals(type.word())) {
                    return true;
                }
            }
            return false;
        });
        // Only where REDIS_URL is set.
        documented.remove("mehari_redis_up");
        // Only with a backend for traces.
        documented.removeIf(name -> name.startsWith("mehari_traces_"));
        Set<String> real = new TreeSet<>();
        try (TwoProviders providers = TwoProviders.start(
                "mehari.request-log.enabled=true", "mehari.database.url=jdbc:sqlite:" + folder.resolve("log.db"))) {
            providers.play(Script.events(Answers.stream("a", "b")), Script.json(200, Answers.json("second")));
            providers.gateway().call(providers.gateway().chat(Answers.ask("pair", true)));
            providers.gateway().call(providers.gateway().chat(Answers.ask("pair", true), "cache-control", "no-cache"));
            providers
                    .gateway()
                    .get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" ")[2])
                    .filter(name -> name.startsWith("mehari_") || name.startsWith("gen_ai_"))
                    .forEach(name -> real.add(SUFFIX.matcher(name).replaceAll("")));
        }
        real.add("mehari_cache_calls_total");
        assertThat(documented).isEqualTo(real);
    }

    @Test
    void dashboardAndAlertsAskForWhatIsDocumented() throws IOException {
        Set<String> documented = named(Files.readString(Path.of("docs/observability.md")));
        JsonNode dashboard = Json.tree(Files.readAllBytes(Path.of("deploy/grafana-dashboard.json")));
        assertThat(dashboard.get("panels")).isNotEmpty();
        assertThat(documented).containsAll(named(dashboard.toString()));
        String alerts = Files.readString(Path.of("deploy/prometheus-alerts.yaml"));
        assertThat(documented).containsAll(named(alerts));
    }

    @Test
    void allErrorTypesAreDocumented() throws IOException {
        String document = Files.readString(Path.of("docs/observability.md"));
        for (ErrorType type : ErrorType.values()) {
            assertThat(document).contains('`' + type.word() + '`');
        }
    }
}
