package dev.mehari.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code java -jar mehari.jar keys …}: hands out keys, straight into the database that the gateway uses too, whether it
 * runs or not.
 */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 110,
        description = "Hands out client keys: create, list, rotate, revoke. Works on the database (DATABASE_URL, else"
                + " data/mehari.db), whether the gateway runs or not.")
public final class KeysCommand {
    private static final int REFUSED = 1;

    private final KeyDesk.Opening opening;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "a settings file read besides application.yaml")
    private @Nullable Path config;

    public KeysCommand(KeyDesk.Opening opening) {
        this.opening = opening;
    }

    @Command(description = "Makes a key and shows it this once.", mixinStandardHelpOptions = true, sortOptions = false)
    int create(
            @Option(names = "--name", description = "what you call it") @Nullable String name,
            @Option(names = "--team", description = "whose budget it shares") @Nullable String team,
            @Option(names = "--models", split = ",", description = "it may ask for; * stands for any characters")
                    @Nullable
                    List<String> models,
            @Option(names = "--providers", split = ",", description = "that may serve it") @Nullable
                    List<String> providers,
            @Option(names = "--expires", paramLabel = "TIME", description = "as 2027-01-31T00:00:00Z") @Nullable
                    String expires,
            @Option(names = "--rpm", description = "requests a minute") @Nullable Integer rpm,
            @Option(names = "--tpm", description = "tokens a minute") @Nullable Long tpm,
            @Option(names = "--concurrency", description = "calls at once") @Nullable Integer concurrency,
            @Option(names = "--budget", paramLabel = "DOLLARS", description = "in a period") @Nullable
                    BigDecimal budget,
            @Option(names = "--budget-period", paramLabel = "PERIOD", description = "day, week, month or total")
                    @Nullable
                    String period,
            @Option(names = "--no-log", description = "keep nothing of its requests and answers") boolean noLog,
            @Option(names = "--cache", description = "default, read or off") @Nullable String cache,
            @Option(names = "--metadata", paramLabel = "NAME=VALUE", description = "your own words about it") @Nullable
                    Map<String, String> metadata,
            @Option(
                            names = {"-q", "--quiet"},
                            description = "print the key alone")
                    boolean quiet) {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "name", name);
        put(fields, "team", team);
        put(fields, "models", models);
        put(fields, "providers", providers);
        put(fields, "expires_at", expires);
        put(fields, "rpm", rpm);
        put(fields, "tpm", tpm);
        put(fields, "concurrency", concurrency);
        put(fields, "budget", budget);
        put(fields, "budget_period", period);
        put(fields, "no_log", noLog ? Boolean.TRUE : null);
        put(fields, "cache", cache);
        put(fields, "metadata", metadata);
        return with(desk -> shown(desk.create(fields), quiet));
    }

    @Command(description = "Lists the keys, the newest first.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--team", description = "only this team's") @Nullable String team) {
        return with(desk -> {
            List<String> lines = new ArrayList<>();
            lines.add(line("ID", "NAME", "TEAM", "STATE", "EXPIRES", "LIMITS"));
            for (KeyDesk.Listed key : desk.list(team)) {
                lines.add(line(key.id(), or(key.name()), or(key.team()), key.state(), or(key.expires()), key.limits()));
            }
            return lines;
        });
    }

    @Command(description = "Gives a key another secret and shows it this once.", mixinStandardHelpOptions = true)
    int rotate(
            @Parameters(paramLabel = "ID", description = "of the key") String id,
            @Option(names = "--grace", paramLabel = "SPAN", description = "how long the old one opens, as PT24H")
                    @Nullable
                    Duration grace,
            @Option(
                            names = {"-q", "--quiet"},
                            description = "print the key alone")
                    boolean quiet) {
        return with(desk -> shown(desk.rotate(id, grace), quiet));
    }

    @Command(description = "Takes a key back for good.", mixinStandardHelpOptions = true)
    int revoke(@Parameters(paramLabel = "ID", description = "of the key") String id) {
        return with(desk -> {
            desk.revoke(id);
            return List.of("revoked " + id);
        });
    }

    private static List<String> shown(KeyDesk.Issued issued, boolean quiet) {
        return quiet
                ? List.of(issued.key())
                : List.of("id   " + issued.id(), "key  " + issued.key(), "", "The key is shown this once.");
    }

    private int with(Function<KeyDesk, List<String>> work) {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        String[] properties = config == null
                ? new String[0]
                : new String[] {"--spring.config.additional-location=file:" + config.toAbsolutePath()};
        try (KeyDesk desk = opening.open(properties)) {
            work.apply(desk).forEach(known.commandLine().getOut()::println);
            known.commandLine().getOut().flush();
            return 0;
        } catch (IllegalArgumentException | IllegalStateException refused) {
            known.commandLine().getErr().println(refused.getMessage());
            known.commandLine().getErr().flush();
            return REFUSED;
        }
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static String or(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private static String line(String id, String name, String team, String state, String expires, String limits) {
        return String.format("%-12s  %-20s  %-16s  %-8s  %-20s  %s", id, name, team, state, expires, limits)
                .stripTrailing();
    }
}
