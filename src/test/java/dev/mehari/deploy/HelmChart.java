package dev.mehari.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart in {@code deploy/helm}, rendered by Helm itself. */
final class HelmChart {
    static final Path FOLDER = Path.of("deploy/helm/mehari");
    private static final ObjectMapper JSON = new ObjectMapper();

    private HelmChart() {}

    /** What Helm has against it. */
    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /**
     * The manifests of a release named {@code mehari} in the namespace {@code llm}.
     *
     * @param values YAML over the chart's own
     * @throws IllegalStateException with Helm's words, when it refuses them
     */
    static Manifests render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                TemplateCommand template = new Helm(FOLDER)
                        .template()
                        .withName("mehari")
                        .withNamespace("llm")
                        .withKubeVersion("1.34.0")
                        .withValuesFile(file);
                return new Manifests(read(template.call()));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> read(String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            if (document != null) {
                documents.add(JSON.valueToTree(document));
            }
        }
        return documents;
    }

    /** All manifests of a rendering. */
    record Manifests(List<JsonNode> all) {
        List<String> kinds() {
            return all.stream()
                    .map(manifest -> manifest.path("kind").asText())
                    .sorted()
                    .toList();
        }

        /** The only one of that kind. */
        JsonNode one(String kind) {
            List<JsonNode> found = all.stream()
                    .filter(manifest -> manifest.path("kind").asText().equals(kind))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " manifests are a " + kind + ", of " + kinds());
            }
            return found.getFirst();
        }

        JsonNode pod() {
            return one("Deployment").at("/spec/template/spec");
        }

        JsonNode container() {
            return pod().at("/containers/0");
        }

        /** The value of a variable of the container, as it stands there. */
        String variable(String name) {
            for (JsonNode variable : container().path("env")) {
                if (variable.path("name").asText().equals(name)) {
                    return variable.path("value").asText();
                }
            }
            throw new AssertionError("no variable " + name);
        }
    }
}
