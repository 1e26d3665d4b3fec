package dev.mehari.offline;

import dev.mehari.cli.Offline;
import dev.mehari.reload.FolderCheck;
import dev.mehari.reload.Problem;
import dev.mehari.reload.Refused;
import dev.mehari.reload.RoutePictures;
import dev.mehari.startup.StartupReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The commands besides running: they use the gateway's own code on files, and listen nowhere. */
public final class OfflineGateway implements Offline {
    private final Class<?> application;

    /** @param application what Spring puts the gateway together from */
    public OfflineGateway(Class<?> application) {
        this.application = application;
    }

    @Override
    public int init(Path folder, PrintWriter out) {
        try {
            Path routes = folder.resolve("routes");
            List<Path> there = new ArrayList<>();
            for (Path path : List.of(routes, folder.resolve("application.yaml"))) {
                if (Files.exists(path)) {
                    there.add(path);
                }
            }
            if (!there.isEmpty()) {
                there.forEach(path -> out.println(path + " is there already; nothing was written"));
                return 1;
            }
            Files.createDirectories(routes);
            Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:routes/*.camel.yaml");
            for (Resource file : files) {
                Files.write(routes.resolve(String.valueOf(file.getFilename())), file.getContentAsByteArray());
            }
            Files.write(
                    folder.resolve("application.yaml"),
                    new ClassPathResource("application.yaml").getContentAsByteArray());
            out.println("wrote " + folder.resolve("application.yaml") + " and " + files.length + " files in " + routes);
            return 0;
        } catch (IOException failed) {
            out.println("could not write to " + folder + ": " + failed.getMessage());
            return 1;
        }
    }

    @Override
    public int check(Path folder, PrintWriter out) {
        if (!Files.isDirectory(folder)) {
            out.println(folder + " is no folder");
            return 2;
        }
        try (ConfigurableApplicationContext spring = start(folder)) {
            FolderCheck check = spring.getBean(FolderCheck.class);
            check.warnings().forEach(warning -> out.println("warning: " + warning));
            out.println(check.run());
            return 0;
        } catch (Refused refused) {
            refused.problems().forEach(problem -> out.println(problem.text()));
            return 1;
        } catch (RuntimeException failure) {
            Problem problem = FolderCheck.problem(failure, folder);
            out.println(problem.text());
            return 1;
        }
    }

    private ConfigurableApplicationContext start(Path folder) {
        List<String> arguments = new ArrayList<>(List.of(
                "--" + FolderCheck.OFFLINE + "=true",
                // It tells what is wrong itself.
                "--logging.level.root=OFF",
                "--spring.config.location=classpath:/,optional:file:" + folder + "/,optional:file:" + folder
                        + "/config/"));
        if (Files.isDirectory(folder.resolve("routes"))) {
            arguments.add("--mehari.routes.folder=" + folder.resolve("routes"));
        }
        // Settings that are no YAML fail before that option is read.
        LoggingSystem.get(OfflineGateway.class.getClassLoader())
                .setLogLevel(StartupReport.class.getName(), LogLevel.OFF);
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .run(arguments.toArray(String[]::new));
    }

    @Override
    public int routes(Path folder, Picture picture, PrintWriter out) {
        try {
            Path routes = folder.resolve("routes");
            RoutePictures pictures = RoutePictures.of(Files.isDirectory(routes) ? routes : null);
            out.print(
                    switch (picture) {
                        case TEXT -> pictures.text();
                        case MERMAID -> pictures.mermaid();
                        case SVG -> pictures.svg("chat", "attempts", "answer");
                    });
            out.flush();
            return 0;
        } catch (Refused refused) {
            refused.problems().forEach(problem -> out.println(problem.text()));
            return 1;
        }
    }
}
