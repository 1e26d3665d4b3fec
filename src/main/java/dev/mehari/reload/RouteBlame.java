package dev.mehari.reload;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.core.env.Environment;

/** Finds out from Camel's exceptions at which line of which route file the mistake stands. */
public final class RouteBlame {
    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{([\\w.-]+)=");
    private static final Pattern TAKEN = Pattern.compile("Multiple consumers for the same endpoint[^:]*: (\\S+)");
    private static final Pattern METHODS = Pattern.compile("httpMethodRestrict[=:]\\s*[\"']?([\\w,]+)");
    private static final Pattern NO_ENDPOINT = Pattern.compile("(?:No endpoint could be found for: |endpoint: )(\\S+)");

    private final List<RouteFile> files;

    RouteBlame(List<RouteFile> files) {
        this.files = files;
    }

    /** Why the gateway's start failed, when routes are to blame, a line for each mistake; null: something else is. */
    public static @Nullable String tell(Throwable failure, Environment environment) {
        Refused refused = Causes.find(failure, Refused.class);
        if (refused != null) {
            return refused.getMessage();
        }
        Problem problem = new RouteBlame(new RouteFolder(environment).read()).find(failure);
        return problem == null ? null : problem.text();
    }

    /** Why the routes cannot be made or started; null when the failure is of another kind. */
    @Nullable
    Problem find(Throwable failure) {
        Refused refused = Causes.find(failure, Refused.class);
        if (refused != null) {
            return refused.problems().getFirst();
        }
        MarkedYamlEngineException yaml = Causes.find(failure, MarkedYamlEngineException.class);
        if (yaml != null) {
            Mark mark = yaml.getProblemMark().orElse(null);
            String file = fileIn(failure);
            return mark == null
                    ? new Problem(file, 0, 0, yaml.getProblem())
                    : new Problem(file, mark.getLine() + 1, mark.getColumn() + 1, yaml.getProblem());
        }
        FailedToCreateRouteException create = Causes.find(failure, FailedToCreateRouteException.class);
        if (create != null) {
            return notCreated(create);
        }
        FailedToStartRouteException start = Causes.find(failure, FailedToStartRouteException.class);
        return start == null ? null : notStarted(start);
    }

    private Problem notCreated(FailedToCreateRouteException create) {
        return placed(create.getRouteId(), culprit(create), "cannot be made: " + reason(create));
    }

    private Problem notStarted(FailedToStartRouteException start) {
        Matcher taken = TAKEN.matcher(Causes.deepest(start));
        if (taken.find()) {
            return beginsTwice(URLDecoder.decode(taken.group(1).replace("://", ":"), StandardCharsets.UTF_8));
        }
        return placed(start.getRouteId(), null, "cannot be started: " + reason(start));
    }

    /** Told at the last place, which is likely the new one, with the others named. */
    private Problem beginsTwice(String endpoint) {
        List<Problem> places = new ArrayList<>();
        List<Problem> sameMethods = new ArrayList<>();
        for (RouteFile file : files) {
            List<String> lines = file.lines();
            for (int i = 1; i < lines.size(); i++) {
                boolean begins = lines.get(i - 1).strip().equals("from:")
                        && path(lines.get(i).strip()).equals("uri: " + path(endpoint));
                if (begins) {
                    Problem place = new Problem(file.name(), i + 1, lines.get(i).indexOf("uri") + 1, "");
                    places.add(place);
                    if (methods(beginning(lines, i)).equals(methods(endpoint))) {
                        sameMethods.add(place);
                    }
                }
            }
        }
        if (!sameMethods.isEmpty()) {
            places = sameMethods;
        }
        String what = "more than one route begins at " + endpoint;
        if (places.isEmpty()) {
            return Problem.of(what);
        }
        Problem last = places.removeLast();
        String others = places.stream()
                .map(other -> "; also " + other.file() + ", line " + other.line())
                .collect(Collectors.joining());
        return new Problem(last.file(), last.line(), last.column(), what + others);
    }

    /** Without options: Camel appends those that the file has below {@code parameters}. */
    private static String path(String uri) {
        return uri.split("\\?", 2)[0];
    }

    private static String methods(String options) {
        Matcher methods = METHODS.matcher(options);
        return methods.find() ? methods.group(1) : "";
    }

    /** What a route says of its beginning, from its uri up to its steps. */
    private static String beginning(List<String> lines, int uri) {
        return lines.stream()
                .skip(uri)
                .takeWhile(line -> !line.strip().equals("steps:"))
                .collect(Collectors.joining("\n"));
    }

    /** What to look for in the file, when the failure names it. */
    private static @Nullable String culprit(Throwable failure) {
        NoSuchBeanException bean = Causes.find(failure, NoSuchBeanException.class);
        if (bean != null) {
            return bean.getName();
        }
        SimpleIllegalSyntaxException simple = Causes.find(failure, SimpleIllegalSyntaxException.class);
        if (simple != null) {
            return simple.getExpression();
        }
        Matcher option = UNKNOWN_OPTION.matcher(Causes.deepest(failure));
        if (option.find()) {
            return option.group(1);
        }
        Matcher endpoint = NO_ENDPOINT.matcher(Causes.deepest(failure));
        return endpoint.find() ? endpoint.group(1).replace("://", ":").replaceFirst("[,.]$", "") : null;
    }

    private static String reason(Throwable failure) {
        NoSuchBeanException bean = Causes.find(failure, NoSuchBeanException.class);
        if (bean != null) {
            return "there is no step or bean \"" + bean.getName() + "\"";
        }
        Matcher option = UNKNOWN_OPTION.matcher(Causes.deepest(failure));
        if (option.find()) {
            return "its endpoint has no parameter \"" + option.group(1) + "\"";
        }
        return Causes.deepest(failure);
    }

    private Problem placed(@Nullable String routeId, @Nullable String culprit, String what) {
        if (routeId == null) {
            return Problem.of("a route " + what);
        }
        String reason = "route \"" + routeId + "\" " + what;
        for (RouteFile file : files) {
            int begins = file.lineOf(routeId);
            if (begins > 0) {
                Problem found = culprit == null ? null : file.find(culprit.strip(), begins, reason);
                return found == null ? new Problem(file.name(), begins, 0, reason) : found;
            }
        }
        return Problem.of(reason);
    }

    private @Nullable String fileIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (RouteFile file : files) {
                if (String.valueOf(cause.getMessage()).contains(file.name())) {
                    return file.name();
                }
            }
        }
        return null;
    }
}
