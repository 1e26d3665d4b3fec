package dev.mehari.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.ServerAddress;
import dev.mehari.testing.DocFile;
import dev.mehari.testing.DocFile.Fence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ByteArrayResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The documentation holds together: links lead somewhere, settings are known ones, the index has every page. */
class DocsTest {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)");

    static List<DocFile> pages() {
        return DocFile.all();
    }

    static Stream<Fence> yaml() {
        return DocFile.all().stream().flatMap(page -> page.fences().stream()).filter(fence -> fence.info()
                .equals("yaml"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFileAndAnAnchorOfIt(DocFile page) {
        List<String> broken = new ArrayList<>();
        page.links().forEach((link, line) -> {
            if (!link.matches("(https?|mailto):.*") && !leads(page, link)) {
                broken.add(page + ":" + line + " " + link);
            }
        });
        assertThat(broken).isEmpty();
    }

    private static boolean leads(DocFile page, String link) {
        String[] parts = link.split("#", 2);
        Path folder = page.path().toAbsolutePath().getParent();
        Path target = parts[0].isEmpty() ? page.path() : folder.resolve(parts[0]);
        if (parts.length < 2) {
            return Files.exists(target);
        }
        return Files.isRegularFile(target) && DocFile.read(target).anchors().contains(parts[1]);
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void everyFragmentOfSettingsIsYamlThatBindsToKnownSettings(Fence fence) throws IOException {
        Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(fence.text());
        if (!(read instanceof Map<?, ?> fragment)) {
            // A list: routes, which a recipe's own test loads, or the steps of somebody's CI.
            assertThat(fence.text()).as("%s", fence).containsPattern("(?m)^- (route|run|from|rest|beans)");
            return;
        }
        boolean settings = fragment.containsKey("mehari") || fragment.containsKey("server");
        if (!settings) {
            // What stands below mehari.providers, or somebody else's settings.
            String name = String.valueOf(fragment.keySet().iterator().next());
            boolean provider = fragment.get(name) instanceof Map<?, ?> below && below.containsKey("protocol");
            if (provider) {
                bind(fence, "mehari:\n  providers:\n" + fence.text().indent(4));
            }
            return;
        }
        bind(fence, fence.text());
    }

    private static void bind(Fence fence, String text) throws IOException {
        MutablePropertySources sources = new MutablePropertySources();
        new YamlPropertySourceLoader()
                .load(fence.toString(), new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                .forEach(sources::addLast);
        Binder binder = new Binder(
                ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(sources));
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
        binder.bind("mehari", Bindable.of(MehariSettings.class), strict);
        binder.bind("server", Bindable.of(ServerAddress.class));
    }

    @Test
    void theIndexHasEveryPage() throws IOException {
        Set<String> linked = DocFile.read(Path.of("docs/README.md")).links().keySet();
        try (Stream<Path> pages = Files.list(Path.of("docs"))) {
            List<String> names = pages.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .toList();
            assertThat(linked).containsAll(names);
        }
    }

    @Test
    void everyVariableOfTheSettingsIsDocumented() throws IOException {
        Set<String> variables = new TreeSet<>();
        Matcher found = VARIABLE.matcher(Files.readString(Path.of("application.yaml")));
        while (found.find()) {
            variables.add(found.group(1));
        }
        assertThat(variables).contains("PORT", "OPENAI_API_KEY");
        String page = Files.readString(Path.of("docs/configuration.md"));
        // Four vendors share a line.
        String shared =
                page.replaceAll("(`(?:SAMBANOVA|GROQ|MISTRAL|DEEPSEEK|OPENROUTER)_)…`", "$1API_KEY` $1BASE_URL`");
        for (String variable : variables) {
            assertThat(shared).contains("`" + variable);
        }
    }

    @Test
    void thePictureOfThePathNamesFilesAndStepsThatAre() throws IOException {
        String picture = Files.readString(Path.of("docs/images/path-of-a-call.svg"));
        StringBuilder routes = new StringBuilder();
        Set<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.list(Path.of("routes"))) {
            for (Path file : all.toList()) {
                files.add(file.getFileName().toString());
                routes.append(Files.readString(file));
            }
        }
        Matcher file =
                Pattern.compile(">([a-z]+)(?:-&lt;[a-z]+&gt;)?\\.camel\\.yaml<").matcher(picture);
        List<String> named = new ArrayList<>();
        while (file.find()) {
            named.add(file.group(1));
            assertThat(files).anyMatch(each -> each.startsWith(file.group(1)));
        }
        assertThat(named).contains("edge", "chat", "call", "router", "provider", "protocol", "errors");
        Matcher step =
                Pattern.compile("class=\"step\"[^>]*>([a-z]+[A-Z][A-Za-z]+)<").matcher(picture);
        while (step.find()) {
            assertThat(routes).contains(step.group(1));
        }
    }

    @Test
    void theReadmeIsShortAndBeginsWithTwoCommands() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        assertThat(lines).hasSizeLessThanOrEqualTo(300);
        Fence first = DocFile.read(Path.of("README.md")).fences().getFirst();
        assertThat(first.text().strip().lines()).hasSize(2).allMatch(line -> line.startsWith("mvn "));
        assertThat(String.join("\n", lines)).containsPattern("!\\[[^\\]]{30,}]\\(docs/images/[a-z-]+\\.svg\\)");
    }
}
