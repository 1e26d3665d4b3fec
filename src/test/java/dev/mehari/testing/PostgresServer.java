package dev.mehari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL on a free port of the loopback. It can be killed, stopped and started again, and keeps what it holds
 * until it is closed. It refuses to run as root: then it runs as the user {@code postgres} of the Debian package.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "mehari";

    private final Path programs;
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private final AtomicInteger databases = new AtomicInteger();
    private Process process;

    private PostgresServer(Path programs, Path folder, int port, List<String> settings) {
        this.settings = settings;
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    /**
     * Starts one; where there is none on this machine the test is skipped.
     *
     * @param settings as {@code log_statement=all}
     */
    public static PostgresServer start(String... settings) {
        Optional<Path> programs = programs();
        Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed: apt-get install postgresql");
        try {
            Path folder = Files.createTempDirectory("postgres");
            if (isRoot()) {
                UserPrincipal other =
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
                Files.setOwner(folder, other);
            }
            initialise(folder, programs.get());
            return new PostgresServer(programs.get(), folder, RedisServer.freePort(), List.of(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Debian keeps its programs out of the path, a folder for each version. */
    private static Optional<Path> programs() {
        Path debian = Path.of("/usr/lib/postgresql");
        List<Path> places = new ArrayList<>();
        Stream.of(System.getenv("PATH").split(":")).map(Path::of).forEach(places::add);
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .forEach(places::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("initdb")))
                .findFirst();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void initialise(Path folder, Path programs) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("initdb").toString()));
        command.addAll(List.of("-D", folder.resolve("data").toString(), "-U", USER, "-A", "trust"));
        command.addAll(List.of("-E", "UTF8", "--no-locale", "--no-sync"));
        Process made = asOrdinaryUser(command).redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("initdb failed: " + said);
        }
    }

    private static ProcessBuilder asOrdinaryUser(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        whole.addAll(command);
        return new ProcessBuilder(whole).directory(Path.of("/").toFile());
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("postgres").toString(),
                "-D",
                folder.resolve("data").toString()));
        command.addAll(List.of("-p", Integer.toString(port), "-h", "127.0.0.1", "-k", "", "-F"));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        try {
            Process started = asOrdinaryUser(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            Eventually.holds(Duration.ofSeconds(60), "PostgreSQL answers", this::answers);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Connection probe = DriverManager.getConnection(jdbc("postgres"))) {
            return probe.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private String jdbc(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER
                + "&connectTimeout=2&socketTimeout=20";
    }

    /** The file with what it says. */
    public Path log() {
        return folder.resolve("log");
    }

    public int port() {
        return port;
    }

    /** A {@code DATABASE_URL} of a new, empty database. */
    public String newDatabase() {
        String name = "test" + databases.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(jdbc("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        return "postgres://" + USER + ":unused@127.0.0.1:" + port + "/" + name;
    }

    /** Ends it at once, as a crash would; what was committed is kept. */
    public void kill() {
        // SIGQUIT ends its helpers too; SIGKILL would leave them behind with the memory they share.
        signal("-CONT");
        signal("-QUIT");
        process.onExit().join();
    }

    /** Starts it again on the same port, with all it held. */
    public void restart() {
        if (process.isAlive()) {
            kill();
        }
        process = launch();
    }

    /** Makes it hang: connections are taken, and nothing is answered. */
    public void hang() {
        signal("-STOP");
    }

    public void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        List<String> command = new ArrayList<>(List.of("kill", signal, Long.toString(process.pid())));
        process.descendants().map(child -> Long.toString(child.pid())).forEach(command::add);
        try {
            new ProcessBuilder(command).start().onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
