package dev.mehari.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mehari import litellm config.yaml}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Makes an application.yaml of another gateway's settings, and tells what it could not carry over.")
public final class ImportCommand {
    private final Importing importing;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public ImportCommand(Importing importing) {
        this.importing = importing;
    }

    @Command(
            name = "litellm",
            mixinStandardHelpOptions = true,
            description = "Of LiteLLM's config.yaml. What could not be carried over goes to the standard error.")
    int liteLlm(
            @Parameters(paramLabel = "CONFIG", description = "LiteLLM's config.yaml") Path config,
            @Option(
                            names = "--out",
                            paramLabel = "FILE|FOLDER",
                            description = "where to write; a folder gets application.yaml, .env and routes/, as far as"
                                    + " they are needed. Default: the standard output")
                    @Nullable
                    Path target) {
        CommandLine line = spec.commandLine();
        return importing.liteLlm(config, target, line.getOut(), line.getErr());
    }
}
