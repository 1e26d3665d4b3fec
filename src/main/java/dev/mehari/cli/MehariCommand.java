package dev.mehari.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code java -jar mehari.jar [options]}: runs the gateway. */
@Command(
        name = "mehari",
        mixinStandardHelpOptions = true,
        version = "Mehari 0.1.0",
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Runs the LLM gateway. Settings come from options, the environment, .env and application.yaml"
                + " beside it, in this order.",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands, instead of running it:%n",
        footerHeading = "%nEnvironment (also in .env):%n",
        footer = {
            "  PORT, HOST                        where to listen; default 8080 on 127.0.0.1",
            "  MEHARI_API_KEYS                   keys that clients must send, comma-separated;",
            "                                    needed when HOST is not a loopback address",
            "  MEHARI_ALLOW_ANONYMOUS            true: listen publicly without keys all the same",
            "  PROVIDER_NAME                     serves models that no routing rule names",
            "  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL",
            "  ANTHROPIC_API_KEY, GEMINI_API_KEY",
            "  AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY",
            "  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY; AGENT_ID, AGENT_ALIAS_ID",
            "  VERTEX_AI_PROJECT_ID, GOOGLE_APPLICATION_CREDENTIALS",
            "  SAMBANOVA_API_KEY, SAMBANOVA_BASE_URL",
            "  GROQ_API_KEY, MISTRAL_API_KEY, DEEPSEEK_API_KEY, OPENROUTER_API_KEY",
            "  OLLAMA_BASE_URL                   default http://127.0.0.1:11434/v1",
            "  MEHARI_ADMIN_KEY                  of /dashboard and /admin; default: made anew at each start",
            "  MEHARI_CACHE_ENABLED              true: keep answers and give them again",
            "  DATABASE_URL                      postgres://…; default: the SQLite file data/mehari.db",
            "  REDIS_URL                         redis://…, for what several gateways share",
            "  LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY, OTEL_EXPORTER_OTLP_ENDPOINT",
            "  SSL_CERTIFICATE, SSL_KEY          PEM files; with them the gateway speaks HTTPS",
            "  LOG_LEVEL                         default INFO",
            "",
            "Without any provider key the model \"demo\" answers.",
            "Any setting of application.yaml can be given as --name=value. docs/configuration.md has all of both."
        })
public final class MehariCommand implements Callable<Integer> {
    private final Consumer<String[]> gateway;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "address to listen on")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on; 0 takes a free one")
    private @Nullable Integer port;

    @Option(names = "--config", paramLabel = "FILE", description = "a settings file read besides application.yaml")
    private @Nullable Path config;

    @Option(names = "--routes", paramLabel = "DIR", description = "the folder of the route files (*.camel.yaml)")
    private @Nullable Path routes;

    @Unmatched
    private List<String> others = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    /** The whole command line, with its commands besides running. */
    public static CommandLine line(Consumer<String[]> gateway, Offline offline) {
        return new CommandLine(new MehariCommand(gateway))
                .addSubcommand(new InitCommand(offline))
                .addSubcommand(new CheckCommand(offline))
                .addSubcommand(new RoutesCommand(offline))
                .addSubcommand(ConformanceCommand.line())
                .addSubcommand(new HealthCommand());
    }

    /** @param gateway starts the gateway with Spring Boot's kind of arguments; returns once it serves */
    public MehariCommand(Consumer<String[]> gateway) {
        this.gateway = gateway;
    }

    @Override
    public Integer call() {
        List<String> properties = new ArrayList<>();
        for (String other : others) {
            // Every setting has a dot in its name; without one it is a misspelt option.
            if (!other.matches("--[\\w-]+[.\\[][\\w.\\[\\]-]*=.*")) {
                throw wrong("unknown argument " + other + "; --help lists what there is");
            }
            properties.add(other);
        }
        if (host != null) {
            properties.add("--server.address=" + host);
        }
        if (port != null) {
            properties.add("--server.port=" + port);
        }
        if (config != null) {
            if (!Files.isReadable(config)) {
                throw wrong("--config: " + config + " is not there or cannot be read");
            }
            properties.add("--spring.config.additional-location=file:" + config.toAbsolutePath());
        }
        if (routes != null) {
            if (!Files.isDirectory(routes)) {
                throw wrong("--routes: " + routes + " is no folder");
            }
            properties.add("--mehari.routes.folder=" + routes);
        }
        return start(properties);
    }

    private int start(List<String> properties) {
        try {
            gateway.accept(properties.toArray(String[]::new));
            return 0;
        } catch (RuntimeException failed) {
            // Spring Boot has reported it, with what to do about it.
            return 1;
        }
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
