package dev.mehari.cli;

import dev.mehari.conformance.ConformanceRun;
import dev.mehari.conformance.JsonReport;
import dev.mehari.conformance.Outcome;
import dev.mehari.conformance.Plan;
import dev.mehari.conformance.Plan.Door;
import dev.mehari.conformance.Plan.GatewayPlan;
import dev.mehari.conformance.Target;
import dev.mehari.conformance.TextReport;
import dev.mehari.conformance.Unreachable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mehari conformance --base-url URL --model M}. Options, exit codes and reports: docs/conformance-tool.md. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Checks an endpoint that speaks OpenAI's API, this gateway or any other, and measures it.",
        footer = {
            "",
            "Ends with 0 when all is right, 1 when something was found, 2 when the endpoint cannot be checked or an"
                    + " option is wrong."
        })
final class ConformanceCommand implements Callable<Integer> {
    private static final int FOUND = 1;
    private static final int WRONG = 2;
    private static final int MOST_RUNS = 1000;
    private static final int MOST_SECONDS = 3600;

    @Option(names = "--base-url", required = true, paramLabel = "URL", description = "as http://localhost:8080/v1")
    private String baseUrl = "";

    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "to ask for")
    private String model = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "sent as Bearer; CONFORMANCE_KEY in the environment says it too",
            defaultValue = "${env:CONFORMANCE_KEY}")
    private @Nullable String key;

    @Option(names = "--compare-with", paramLabel = "URL", description = "another endpoint to compare the shapes with")
    private @Nullable String compareWith;

    @Option(names = "--compare-model", paramLabel = "MODEL", description = "its model; default: the same name")
    private @Nullable String compareModel;

    @Option(
            names = "--compare-key",
            paramLabel = "KEY",
            description = "its key; CONFORMANCE_COMPARE_KEY says it too",
            defaultValue = "${env:CONFORMANCE_COMPARE_KEY}")
    private @Nullable String compareKey;

    @Option(names = "--embeddings-model", paramLabel = "MODEL", description = "to ask for embeddings; default: --model")
    private @Nullable String embeddingsModel;

    @Option(
            names = "--require",
            split = ",",
            paramLabel = "DOOR",
            description = "doors that must be there: models, embeddings, responses, messages")
    private Set<Door> require = EnumSet.noneOf(Door.class);

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "longest silence; default: ${DEFAULT-VALUE}")
    private int timeout = 60;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "streams to measure; 0: none; default: ${DEFAULT-VALUE}")
    private int runs = 5;

    @Option(names = "--strict", description = "what an endpoint only should do counts too")
    private boolean strict;

    @Option(names = "--json", description = "the report as JSON")
    private boolean json;

    @ArgGroup(exclusive = false)
    private @Nullable GatewayOptions gateway;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static final class GatewayOptions {
        @Option(names = "--gateway", required = true, description = "also what only a Mehari gateway has:")
        private boolean wanted;

        @Option(
                names = "--admin-key",
                paramLabel = "KEY",
                description = "for /stats and /admin; MEHARI_ADMIN_KEY says it too",
                defaultValue = "${env:MEHARI_ADMIN_KEY}")
        private @Nullable String adminKey;

        @Option(
                names = "--cached-model",
                paramLabel = "MODEL",
                description = "whose answers are cached; default: --model")
        private @Nullable String cachedModel;

        @Option(names = "--group", paramLabel = "MODEL", description = "a group that spreads its calls")
        private @Nullable String group;

        @Option(names = "--failover-group", paramLabel = "MODEL", description = "a group whose first deployment fails")
        private @Nullable String failoverGroup;

        @Option(
                names = "--limited-key",
                paramLabel = "KEY",
                description = "a client key of a few requests a minute; its minute is used up")
        private @Nullable String limitedKey;

        GatewayPlan plan() {
            return new GatewayPlan(adminKey, cachedModel, group, failoverGroup, limitedKey);
        }
    }

    static CommandLine line() {
        return new CommandLine(new ConformanceCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        Plan plan = plan();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Outcome outcome = new ConformanceRun(plan, line -> {
                        err.println("… " + line);
                        err.flush();
                    })
                    .run();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(JsonReport.of(outcome));
                out.flush();
            } else {
                new TextReport(outcome, out).write();
            }
            return outcome.problems() == 0 ? 0 : FOUND;
        } catch (Unreachable none) {
            err.println(none.getMessage());
            err.flush();
            return WRONG;
        }
    }

    private Plan plan() {
        if (timeout < 1 || timeout > MOST_SECONDS) {
            throw wrong("--timeout: " + timeout + " is not between 1 and " + MOST_SECONDS + " seconds");
        }
        if (runs < 0 || runs > MOST_RUNS) {
            throw wrong("--runs: " + runs + " is not between 0 and " + MOST_RUNS);
        }
        Target target = target("--base-url", baseUrl, model, key);
        Target reference = compareWith == null
                ? null
                : target("--compare-with", compareWith, compareModel == null ? model : compareModel, compareKey);
        return new Plan(
                target, reference, Duration.ofSeconds(timeout), runs, require, embeddingsModel, gatewayPlan(), strict);
    }

    private @Nullable GatewayPlan gatewayPlan() {
        try {
            return gateway == null ? null : gateway.plan();
        } catch (IllegalArgumentException wrong) {
            throw wrong("--admin-key or --limited-key: " + wrong.getMessage());
        }
    }

    private Target target(String option, String url, String asked, @Nullable String opening) {
        try {
            return Target.of(url, asked, opening == null || opening.isEmpty() ? null : opening);
        } catch (IllegalArgumentException wrong) {
            throw wrong(option + ": " + wrong.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
