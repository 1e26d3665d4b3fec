package dev.mehari.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mehari health}: the probe of containers that hold neither a shell nor curl. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        description = "Asks a running gateway whether it is ready; ends with 1 when it is not.")
final class HealthCommand implements Callable<Integer> {
    private static final int PATIENCE_MILLIS = 5000;

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:${env:PORT:-8080}/health/ready",
            description = "default: ${DEFAULT-VALUE}")
    private URI url = URI.create("http://127.0.0.1:8080/health/ready");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        String wrong = ask();
        if (wrong != null) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(url + ": " + wrong);
            return 1;
        }
        return 0;
    }

    /** @return what is wrong; null when it is ready */
    private @Nullable String ask() {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == HttpURLConnection.HTTP_OK ? null : "status " + status;
        } catch (IOException unreachable) {
            return unreachable.getMessage();
        }
    }
}
