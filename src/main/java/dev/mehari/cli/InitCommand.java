package dev.mehari.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mehari init [folder]}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Writes the gateway's own routes/ and application.yaml into a folder, ready to edit.")
final class InitCommand implements Callable<Integer> {
    private final Offline offline;

    @Parameters(arity = "0..1", defaultValue = ".", paramLabel = "FOLDER", description = "default: this one")
    private Path folder = Path.of(".");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    InitCommand(Offline offline) {
        this.offline = offline;
    }

    @Override
    public Integer call() {
        return offline.init(folder, spec.commandLine().getOut());
    }
}
