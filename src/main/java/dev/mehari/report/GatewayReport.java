package dev.mehari.report;

import dev.mehari.access.CallGate;
import dev.mehari.usage.CallTotals;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The section {@code gateway} of {@code GET /stats}: how long it runs, what it is, how many calls there were and are. */
@Component
final class GatewayReport implements ReportPart {
    private final CallGate gate;
    private final CallTotals totals;
    private final String version;

    GatewayReport(CallGate gate, CallTotals totals) {
        this.gate = gate;
        this.totals = totals;
        String built = GatewayReport.class.getPackage().getImplementationVersion();
        this.version = built == null ? "development" : built;
    }

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public Map<String, Object> tell() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("version", version);
        told.put("uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
        told.put("in_flight", gate.inside());
        told.put("waiting", gate.waiting());
        told.put("limit", gate.limit());
        told.put("totals", totals.told());
        told.put("providers", totals.toldByProvider());
        return told;
    }
}
