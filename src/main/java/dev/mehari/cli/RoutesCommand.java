package dev.mehari.cli;

import dev.mehari.cli.Offline.Picture;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mehari routes [folder]}. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = "Shows the routes that would be loaded: where each begins, and its steps.")
final class RoutesCommand implements Callable<Integer> {
    private final Offline offline;

    @Parameters(arity = "0..1", defaultValue = ".", paramLabel = "FOLDER", description = "default: this one")
    private Path folder = Path.of(".");

    @ArgGroup
    private @Nullable Form form;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static final class Form {
        @Option(names = "--mermaid", description = "as a Mermaid flowchart")
        private boolean mermaid;

        @Option(names = "--svg", description = "the path of a chat as an SVG picture")
        private boolean svg;
    }

    RoutesCommand(Offline offline) {
        this.offline = offline;
    }

    @Override
    public Integer call() {
        return offline.routes(folder, picture(), spec.commandLine().getOut());
    }

    private Picture picture() {
        if (form == null) {
            return Picture.TEXT;
        }
        return form.svg ? Picture.SVG : Picture.MERMAID;
    }
}
