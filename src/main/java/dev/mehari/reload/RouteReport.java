package dev.mehari.reload;

import dev.mehari.call.SuspendedProviders;
import dev.mehari.report.ReportPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.springframework.stereotype.Component;

/** What {@code GET /admin/routes} tells of the routes in use, and {@code GET /stats} of their reloads. */
@Component("routeReport")
public final class RouteReport implements ReportPart {
    private final LiveRoutes routes;
    private final RouteNumbers numbers;
    private final ReloadStatus status;
    private final SuspendedProviders suspended;

    RouteReport(LiveRoutes routes, RouteNumbers numbers, ReloadStatus status, SuspendedProviders suspended) {
        this.routes = routes;
        this.numbers = numbers;
        this.status = status;
        this.suspended = suspended;
    }

    @Override
    public String name() {
        return "routes";
    }

    /** Of reloads: which generation serves, and why a newer one does not. */
    @Override
    public Map<String, Object> tell() {
        ReloadStatus.State state = status.state();
        List<Object> problems = new ArrayList<>();
        for (Problem problem : state.problems()) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("file", problem.file());
            told.put("line", problem.line() == 0 ? null : problem.line());
            told.put("column", problem.column() == 0 ? null : problem.column());
            told.put("reason", problem.reason());
            problems.add(told);
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("generation", routes.live().number());
        told.put("since", routes.live().since().toString());
        told.put("draining", routes.draining());
        told.put("reloads", status.timesTaken());
        told.put("refused", status.timesRefused());
        told.put("problems", problems);
        return told;
    }

    /** The whole: reloads, and each route with its numbers. */
    public Map<String, Object> list() {
        Generation live = routes.live();
        CamelContext camel = live.camel();
        List<Route> sorted = new ArrayList<>(camel.getRoutes());
        sorted.sort(Comparator.comparing(Route::getRouteId));
        List<Object> all = new ArrayList<>();
        for (Route route : sorted) {
            all.add(route(live, route));
        }
        Map<String, Object> told = tell();
        told.put("routes", all);
        return told;
    }

    private Map<String, Object> route(Generation live, Route route) {
        String id = route.getRouteId();
        RouteNumbers.Numbers counted = numbers.of(id);
        Instant changed = live.changed().get(id);
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", id);
        told.put("description", route.getDescription());
        told.put("from", route.getEndpoint().getEndpointUri().replace("://", ":"));
        told.put("source", live.place(id));
        told.put("state", state(live.camel(), id));
        told.put("changed", changed == null ? null : changed.toString());
        told.put("calls", counted.calls());
        told.put("failures", counted.failures());
        told.put("in_flight", counted.inFlight());
        told.put("mean_ms", rounded(counted.meanMillis()));
        told.put("p99_ms", rounded(counted.p99Millis()));
        return told;
    }

    private String state(CamelContext camel, String id) {
        if (id.startsWith("provider-") && suspended.contains(id.substring("provider-".length()))) {
            return "suspended";
        }
        return camel.getRouteController().getRouteStatus(id).isStarted() ? "started" : "stopped";
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
