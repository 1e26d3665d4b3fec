package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What deploy/container and deploy/compose name is there and fits together; no Docker is needed to know that. */
class ContainerFilesTest {
    private static final Path COMPOSE = Path.of("deploy/compose");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(.+) (\\S+)$");
    private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT \\[(.*)]$");
    private static final Pattern JIB_ARGUMENT = Pattern.compile("<arg>(.*?)</arg>");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)");

    @Test
    void theDockerfileCopiesWhatIsThere() throws IOException {
        for (MatchResult copy : found(COPY, read("deploy/container/Dockerfile"))) {
            assertThat(copy.group(1).split(" "))
                    .allSatisfy(path -> assertThat(Path.of(path)).exists());
        }
        assertThat(Path.of("deploy/container/stage")).isExecutable();
    }

    @Test
    void bothImagesRunTheSameCommandAsTheSameUser() throws IOException {
        String dockerfile = read("deploy/container/Dockerfile");
        String pom = read("pom.xml");
        String entrypoint = found(ENTRYPOINT, dockerfile).getFirst().group(1);
        String jib = pom.substring(pom.indexOf("<entrypoint>"), pom.indexOf("</entrypoint>"));
        assertThat(found(JIB_ARGUMENT, jib).stream()
                        .map(it -> '"' + it.group(1) + '"')
                        .collect(Collectors.joining(", ")))
                .isEqualTo(entrypoint);
        assertThat(dockerfile).contains("\nUSER 65532:65532\n", "\nWORKDIR /data\n", "\nENV HOST=0.0.0.0 PORT=8080\n");
        assertThat(pom).contains("<user>65532:65532</user>", "<workingDirectory>/data</workingDirectory>");
        assertThat(pom).contains("<HOST>0.0.0.0</HOST>", "<PORT>8080</PORT>");
        String base = pom.substring(pom.indexOf("<image.base>") + 12, pom.indexOf("</image.base>"));
        assertThat(dockerfile).contains("\nFROM " + base + "\n");
    }

    @Test
    void theOptionsOfTheImageNameWhatTheStageLaysOut() throws IOException {
        String options = read("deploy/container/container.options");
        String stage = read("deploy/container/stage");
        assertThat(options).contains("-XX:AOTCache=/opt/mehari/mehari.aot", "-Dorg.sqlite.lib.path=/opt/mehari/native");
        assertThat(stage).contains("AOTCacheOutput=$image/cache/opt/mehari/mehari.aot", "$together/native");
    }

    @Test
    void everyVariableOfTheComposeFileIsOneThatMehariReads() throws IOException {
        TreeSet<String> known = found(VARIABLE, read("application.yaml")).stream()
                .map(it -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).contains("OPENAI_API_KEY", "DATABASE_URL");
        assertThat(known).containsAll(map(service("gateway"), "environment").keySet());
    }

    @Test
    void everyFileOfTheComposeFileIsThere() throws IOException {
        for (String service : map(compose(), "services").keySet()) {
            for (String volume : list(service(service), "volumes")) {
                String source = volume.split(":")[0];
                if (source.startsWith(".")) {
                    assertThat(COMPOSE.resolve(source)).isRegularFile();
                } else {
                    assertThat(map(compose(), "volumes")).containsKey(source);
                }
            }
        }
        Map<String, Object> build = map(service("gateway"), "build");
        assertThat(COMPOSE.resolve((String) build.get("context")).resolve((String) build.get("dockerfile")))
                .isRegularFile();
    }

    @Test
    void portsServicesAndKeysAgree() throws IOException {
        Map<String, Object> environment = map(service("gateway"), "environment");
        assertThat(list(service("gateway"), "ports")).containsExactly("127.0.0.1:8080:" + environment.get("PORT"));
        assertThat(environment.get("REDIS_URL")).isEqualTo("redis://redis:6379");
        Map<String, Object> postgres = map(service("postgres"), "environment");
        assertThat(environment.get("DATABASE_URL"))
                .isEqualTo("postgres://%s:%s@postgres:5432/%s"
                        .formatted(
                                postgres.get("POSTGRES_USER"),
                                postgres.get("POSTGRES_PASSWORD"),
                                postgres.get("POSTGRES_DB")));
        assertThat(map(compose(), "services").keySet())
                .containsExactlyInAnyOrder("gateway", "redis", "postgres", "prometheus", "grafana");

        String scrape = read("deploy/compose/prometheus.yaml");
        assertThat(scrape)
                .contains("gateway:" + environment.get("PORT"), "job_name: mehari", "/etc/prometheus/scrape-key");
        assertThat(read("deploy/prometheus-alerts.yaml")).contains("job=\"mehari\"");
        assertThat(map(map(compose(), "configs"), "scrape-key").get("content"))
                .isEqualTo(environment.get("MEHARI_SCRAPE_KEY"));
        assertThat(read("deploy/compose/grafana/datasources.yaml")).contains("http://prometheus:9090");
    }

    private static Map<String, Object> compose() throws IOException {
        return new Yaml().load(read("deploy/compose/compose.yaml"));
    }

    private static Map<String, Object> service(String name) throws IOException {
        return map(map(compose(), "services"), name);
    }

    @SuppressWarnings("unchecked") // keys of these files are texts
    private static Map<String, Object> map(Map<String, Object> parent, String name) {
        assertThat(parent.get(name)).as(name).isInstanceOf(Map.class);
        return (Map<String, Object>) parent.get(name);
    }

    private static List<String> list(Map<String, Object> parent, String name) {
        return parent.get(name) instanceof List<?> values
                ? values.stream().map(Object::toString).toList()
                : List.of();
    }

    private static List<MatchResult> found(Pattern pattern, String text) {
        List<MatchResult> matches = pattern.matcher(text).results().toList();
        assertThat(matches).as(pattern.pattern()).isNotEmpty();
        return matches;
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }
}
