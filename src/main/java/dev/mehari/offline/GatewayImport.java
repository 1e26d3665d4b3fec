package dev.mehari.offline;

import dev.mehari.cli.Importing;
import dev.mehari.migrate.Imported;
import dev.mehari.migrate.LiteLlm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The command {@code import}: settings that others made, as files of ours. Nothing is overwritten. */
public final class GatewayImport implements Importing {
    private static final String HEAD = """
        # Made of LiteLLM's %s by `mehari import litellm`. What is not set here is as shipped: docs/configuration.md.
        """;

    @Override
    public int liteLlm(Path config, @Nullable Path target, PrintWriter out, PrintWriter report) {
        try {
            Imported imported = LiteLlm.read(text(config));
            String text = HEAD.formatted(config.getFileName()) + imported.settings();
            if (target == null) {
                out.print(text);
                out.flush();
                told(imported, null, report);
            } else {
                told(imported, write(imported, text, target), report);
            }
            return 0;
        } catch (IllegalArgumentException wrong) {
            return failed(report, config + ": " + wrong.getMessage());
        } catch (IOException failed) {
            return failed(report, "could not be written: " + failed.getMessage());
        }
    }

    private static String text(Path config) {
        if (!Files.isRegularFile(config)) {
            throw new IllegalArgumentException(Files.exists(config) ? "is no file" : "is not there");
        }
        try {
            return Files.readString(config, StandardCharsets.UTF_8);
        } catch (CharacterCodingException other) {
            throw new IllegalArgumentException("is not UTF-8", other);
        } catch (IOException failed) {
            throw new IllegalArgumentException("cannot be read: " + failed.getMessage(), failed);
        }
    }

    private static int failed(PrintWriter report, String why) {
        report.println(why);
        report.flush();
        return 1;
    }

    /** @return the files that were written */
    private static List<Path> write(Imported imported, String text, Path target) throws IOException {
        boolean file = target.toString().matches(".*\\.ya?ml");
        Path settings = file ? target : target.resolve("application.yaml");
        Path folder = settings.getParent() == null ? Path.of(".") : settings.getParent();
        Path env = folder.resolve(".env");
        Map<Path, String> files = new TreeMap<>(Map.of(settings, text));
        imported.routes()
                .forEach((provider, neighbour) -> files.put(
                        folder.resolve("routes/provider-" + provider + ".camel.yaml"), route(provider, neighbour)));
        if (!imported.secrets().isEmpty()) {
            files.put(env, variables(imported.secrets()));
        }
        for (Path path : files.keySet()) {
            if (Files.exists(path)) {
                throw new IllegalArgumentException(path + " is there already; nothing was written");
            }
        }
        List<Path> written = new ArrayList<>(files.keySet());
        Files.createDirectories(folder);
        Path routes = folder.resolve("routes");
        if (!imported.routes().isEmpty() && !Files.exists(routes)) {
            // A folder of routes stands for all of them.
            copyRoutes(routes);
            written.add(routes);
        }
        for (Map.Entry<Path, String> each : files.entrySet()) {
            if (each.getKey().equals(env)) {
                Files.createFile(env, forTheOwnerOnly());
            }
            Files.writeString(each.getKey(), each.getValue(), StandardOpenOption.CREATE);
        }
        return written;
    }

    private static FileAttribute<?>[] forTheOwnerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void copyRoutes(Path routes) throws IOException {
        Files.createDirectories(routes);
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:routes/*.camel.yaml")) {
            Files.write(routes.resolve(String.valueOf(file.getFilename())), file.getContentAsByteArray());
        }
    }

    /** A neighbour's route under another name. */
    private static String route(String provider, String neighbour) {
        try {
            return new ClassPathResource("routes/provider-" + neighbour + ".camel.yaml")
                    .getContentAsString(StandardCharsets.UTF_8)
                    .replace("provider-" + neighbour, "provider-" + provider)
                    .replaceFirst("description: .*", "description: " + provider + ", behind its circuit breaker");
        } catch (IOException missing) {
            throw new IllegalStateException("the jar holds no route of " + neighbour, missing);
        }
    }

    private static String variables(Map<String, String> secrets) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(secrets).forEach((name, value) -> {
            String quote = value.contains("'") ? "\"" : "'";
            text.append(name)
                    .append('=')
                    .append(quote)
                    .append(value)
                    .append(quote)
                    .append('\n');
        });
        return text.toString();
    }

    /** @param written null: the settings went to the standard output */
    private static void told(Imported imported, @Nullable List<Path> written, PrintWriter report) {
        report.println("carried over: " + imported.summary());
        if (written != null) {
            written.forEach(path -> report.println("wrote " + path));
        } else if (!imported.routes().isEmpty() || !imported.secrets().isEmpty()) {
            report.println("Besides these settings there is more to write: --out FOLDER writes "
                    + (imported.routes().isEmpty()
                            ? ""
                            : "routes/ with a file for each of "
                                    + String.join(", ", new TreeMap<>(imported.routes()).keySet()))
                    + (imported.routes().isEmpty() || imported.secrets().isEmpty() ? "" : ", and ")
                    + (imported.secrets().isEmpty()
                            ? ""
                            : ".env with " + String.join(", ", new TreeMap<>(imported.secrets()).keySet())));
        }
        section(report, "To be set in the environment or in .env:", imported.variables());
        section(report, "Carried over, but not quite the same here:", imported.differs());
        section(report, "NOT carried over:", imported.lost());
        report.flush();
    }

    private static void section(PrintWriter report, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            report.println();
            report.println(title);
            lines.forEach(line -> report.println("  " + line));
        }
    }
}
