package dev.mehari.reload;

import dev.mehari.report.ReportPart;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How often edited settings were taken or refused, and why the last time; {@code GET /stats} tells. Thread-safe. */
@Component
public final class SettingsStatus implements ReportPart {
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile State state = new State(Instant.now(), null, List.of());

    private record State(Instant since, @Nullable Problem problem, List<String> restart) {}

    @Override
    public String name() {
        return "settings";
    }

    @Override
    public Map<String, Object> tell() {
        State now = state;
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("since", now.since().toString());
        told.put("reloads", taken.get());
        told.put("refused", refused.get());
        told.put("problem", now.problem() == null ? null : now.problem().text());
        told.put("need_restart", now.restart());
        return told;
    }

    /** Reloads that changed something. */
    public long timesTaken() {
        return taken.get();
    }

    /** Reloads that found a mistake. */
    public long timesRefused() {
        return refused.get();
    }

    void taken(List<String> restart) {
        taken.incrementAndGet();
        state = new State(Instant.now(), null, restart);
    }

    /** Nothing is to be taken; what was wrong has been mended. */
    void well(List<String> restart) {
        state = new State(state.since(), null, restart);
    }

    void refused(Problem problem) {
        refused.incrementAndGet();
        state = new State(state.since(), problem, state.restart());
    }
}
