package dev.mehari.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes settings of those of another gateway. Returns the exit code of its command. */
public interface Importing {
    /**
     * LiteLLM's.
     *
     * @param config its config.yaml
     * @param target a file, or a folder for application.yaml and what it needs beside it; null: the settings go to out
     * @param out for the settings, when there is no target
     * @param report what was written, and what could not be carried over
     */
    int liteLlm(Path config, @Nullable Path target, PrintWriter out, PrintWriter report);
}
