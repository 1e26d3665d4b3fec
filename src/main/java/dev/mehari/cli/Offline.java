package dev.mehari.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/** What the gateway can tell of files without serving calls. Each returns the exit code of its command. */
public interface Offline {
    /** Writes the jar's own route files and settings into a folder, to be edited there. Nothing is overwritten. */
    int init(Path folder, PrintWriter out);

    /** Checks the settings and routes of a folder as a start and a reload would, and tells every mistake. */
    int check(Path folder, PrintWriter out);

    /** Shows the routes that would be loaded there. */
    int routes(Path folder, Picture picture, PrintWriter out);

    /** How routes are shown. */
    enum Picture {
        TEXT,
        MERMAID,
        SVG
    }
}
