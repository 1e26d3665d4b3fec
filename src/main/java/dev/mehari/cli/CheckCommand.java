package dev.mehari.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mehari check [folder]}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks routes/ and application.yaml of a folder without starting; ends with 1 when something is"
                + " wrong.")
final class CheckCommand implements Callable<Integer> {
    private final Offline offline;

    @Parameters(arity = "0..1", defaultValue = ".", paramLabel = "FOLDER", description = "default: this one")
    private Path folder = Path.of(".");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CheckCommand(Offline offline) {
        this.offline = offline;
    }

    @Override
    public Integer call() {
        return offline.check(folder, spec.commandLine().getOut());
    }
}
