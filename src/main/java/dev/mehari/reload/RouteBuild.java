package dev.mehari.reload;

import dev.mehari.config.StartupException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Checks route files, from their YAML to a Camel context made of them, in which everything that they name has been found.
 * That context touches nothing outside until its sources are started. Thread-safe.
 */
@Component
final class RouteBuild {
    private final CamelContexts contexts;
    private final ObjectProvider<RouteCheck> checks;

    RouteBuild(CamelContexts contexts, ObjectProvider<RouteCheck> checks) {
        this.contexts = contexts;
        this.checks = checks;
    }

    /**
     * The files as trees, each against Camel's schema.
     *
     * @param known trees of files that were checked before
     * @throws Refused naming every mistake
     */
    List<RouteTree> parse(List<RouteFile> files, List<RouteTree> known) {
        List<Problem> problems = new ArrayList<>();
        List<RouteTree> trees = new ArrayList<>();
        for (RouteFile file : files) {
            RouteTree same = known.stream()
                    .filter(tree -> tree.file().equals(file))
                    .findFirst()
                    .orElse(null);
            if (same != null) {
                trees.add(same);
                continue;
            }
            try {
                RouteTree tree = RouteTree.read(file);
                problems.addAll(RouteSchema.check(tree));
                trees.add(tree);
            } catch (Refused refused) {
                problems.addAll(refused.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new Refused(problems);
        }
        RouteTree.requireOwnIds(trees);
        return trees;
    }

    /**
     * A context that is ready to serve, but for its sources, and whose doors are not shown.
     *
     * @throws Refused with the first mistake
     */
    CamelContext build(List<RouteTree> trees) {
        List<RouteFile> files = trees.stream().map(RouteTree::file).toList();
        CamelContext camel = null;
        try {
            camel = contexts.make(files);
            camel.setAutoStartup(false);
            camel.start();
            requireBeginnings(camel, files);
            for (Route route : camel.getRoutes()) {
                if (isPassive(route) && mayStart(route)) {
                    camel.getRouteController().startRoute(route.getId());
                }
            }
            for (RouteCheck check : checks) {
                check.check(camel);
            }
            return camel;
        } catch (Exception failure) {
            if (camel != null) {
                camel.stop();
            }
            throw new Refused(problem(failure, files));
        }
    }

    static Problem problem(Exception failure, List<RouteFile> files) {
        if (failure instanceof StartupException missing) {
            return Problem.of(missing.getMessage() + ". " + missing.action());
        }
        Problem blamed = new RouteBlame(files).find(failure);
        return blamed == null ? Problem.of(Causes.deepest(failure)) : blamed;
    }

    /** A step that goes on to a route which is not there would fail calls, and only those that get that far. */
    private static void requireBeginnings(CamelContext camel, List<RouteFile> files) {
        Set<Endpoint> beginnings = new HashSet<>();
        camel.getRoutes().forEach(route -> beginnings.add(route.getEndpoint()));
        for (Endpoint endpoint : camel.getEndpoints()) {
            if (endpoint instanceof DirectEndpoint && !beginnings.contains(endpoint)) {
                String uri = endpoint.getEndpointUri().replace("://", ":");
                throw new Refused(files.stream()
                        .map(file -> file.find(uri, 1, "no route begins at " + uri))
                        .filter(problem -> problem != null)
                        .findFirst()
                        .orElse(Problem.of("no route begins at " + uri)));
            }
        }
    }

    static boolean mayStart(Route route) {
        return route.isAutoStartup() == null || route.isAutoStartup();
    }

    /** Does nothing until a call or another route comes to it; all others fetch their work themselves. */
    static boolean isPassive(Route route) {
        return route.getEndpoint() instanceof DirectEndpoint || route.getEndpoint() instanceof PlatformHttpEndpoint;
    }
}
