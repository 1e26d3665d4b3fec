package dev.mehari.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LiteLLM's settings as ours. {@code src/test/resources/litellm/<case>} has its config.yaml, written anew after the
 * examples of LiteLLM's documentation, and what is made of it; {@code -Dgolden.update=true} rewrites that.
 */
class LiteLlmTest {
    private static final Path CASES = Path.of("src/test/resources/litellm");

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static Imported imported(String name) throws IOException {
        return LiteLlm.read(Files.readString(CASES.resolve(name).resolve("config.yaml")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void becomesTheseSettingsAndThisReport(String name) throws IOException {
        Imported imported = imported(name);
        golden(name, "application.yaml", imported.settings());
        List<String> report = new ArrayList<>(List.of(imported.summary()));
        report.add("routes: " + new TreeMap<>(imported.routes()));
        report.add(".env: " + new TreeMap<>(imported.secrets()));
        report.add("variables: " + imported.variables());
        imported.differs().forEach(line -> report.add("differs: " + line));
        imported.lost().forEach(line -> report.add("lost: " + line));
        golden(name, "report.txt", String.join("\n", report) + "\n");
    }

    private static void golden(String name, String file, String text) throws IOException {
        Path path = CASES.resolve(name).resolve(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(path, text);
        }
        assertThat(text).isEqualTo(Files.readString(path));
    }

    /** A setting that is not known yet, at each place of a file where one can stand. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatIsNotKnownIsToldWhereverItStands(String name) throws IOException {
        List<String> lines = Files.readAllLines(CASES.resolve(name).resolve("config.yaml"));
        int places = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean opens = line.endsWith(":") && !line.contains("- ") && i + 1 < lines.size();
            String next = opens ? lines.get(i + 1) : "";
            if (opens && !next.strip().startsWith("-") && !next.isBlank()) {
                List<String> with = new ArrayList<>(lines);
                String indent =
                        next.substring(0, next.length() - next.stripLeading().length());
                with.add(i + 1, indent + "brand_new: 1");
                Imported imported = LiteLlm.read(String.join("\n", with));
                // Variables and aliases have any names, and those are taken as such.
                boolean told = imported.lost().stream().anyMatch(lost -> lost.contains("brand_new"))
                        || imported.secrets().containsKey("brand_new")
                        || line.contains("credential_info");
                assertThat(told).as(line).isTrue();
                places++;
            }
        }
        assertThat(places > 0 || name.equals("vendors")).isTrue();
    }

    @Test
    void noSecretStandsInTheSettings() throws IOException {
        Imported imported = imported("production");
        assertThat(imported.secrets())
                .containsEntry("LITELLM_MASTER_KEY", "sk-1234")
                .containsValue("sk-live-0123456789abcdef0123");
        for (String secret : List.of("sk-1234", "sk-live", "secret@")) {
            assertThat(imported.settings()).doesNotContain(secret);
            assertThat(imported.lost().toString()).doesNotContain(secret);
        }
    }

    @Test
    void aKeyInTheFileNeverTakesTheNameOfOneInTheEnvironment() {
        Imported imported = LiteLlm.read("""
            model_list:
              - {model_name: a, litellm_params: {model: gpt-4o, api_key: sk-one}}
              - {model_name: b, litellm_params: {model: gpt-4o, api_key: os.environ/OPENAI_API_KEY}}
              - {model_name: c, litellm_params: {model: gpt-4o}}
            """);
        assertThat(imported.secrets()).isEqualTo(Map.of("OPENAI_API_KEY_1", "sk-one"));
        assertThat(imported.variables()).containsExactly("OPENAI_API_KEY");
        assertThat(imported.routes()).containsOnlyKeys("openai-1");
    }

    @Test
    void twoKeysInTheFileAreTwoVariables() {
        Imported imported = LiteLlm.read("""
            model_list:
              - {model_name: a, litellm_params: {model: gpt-4o, api_key: sk-one}}
              - {model_name: a, litellm_params: {model: gpt-4o, api_key: sk-two}}
            """);
        assertThat(imported.secrets()).isEqualTo(Map.of("OPENAI_API_KEY_1", "sk-one", "OPENAI_API_KEY_2", "sk-two"));
        assertThat(imported.settings()).contains("${OPENAI_API_KEY_2:}");
        assertThat(imported.routes()).hasSize(1).containsValue("groq");
    }

    @Test
    void ofTwoRedisOnlyTheAddressOfOneIsGivenUp() {
        Imported imported = LiteLlm.read("""
                litellm_settings:
                  cache: true
                  cache_params: {type: redis, host: one, similarity_threshold: 0.8}
                router_settings: {redis_host: other}
                """);
        assertThat(imported.settings()).contains("url: redis://other:6379");
        assertThat(imported.lost())
                .containsExactly(
                        "line 3, litellm_settings.cache_params.host: one Redis serves for all: that of router_settings"
                                + " was taken",
                        "line 3, litellm_settings.cache_params.similarity_threshold: the cache is in memory and in"
                                + " Redis: docs/caching.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "- a\n", "just words", "port: 1\n", "a: [1\nb: 2\n", "a: &x\n  b: *x\n"})
    void whatIsNoneOfLiteLlmsFilesIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> LiteLlm.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("Exception");
    }

    @Test
    void brokenYamlIsToldWithItsPlace() {
        assertThatThrownBy(() -> LiteLlm.read("model_list:\n  - a\n b: ["))
                .hasMessageStartingWith("line 3, column 2: not valid YAML");
    }
}
