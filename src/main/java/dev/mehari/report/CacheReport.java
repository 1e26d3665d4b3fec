package dev.mehari.report;

import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.CacheRules;
import dev.mehari.cache.SharedAnswers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The section {@code cache} of {@code GET /stats}. docs/caching.md explains the fields. */
@Component
final class CacheReport implements ReportPart {
    private final AnswerCache cache;
    private final boolean enabled;

    CacheReport(AnswerCache cache, CacheRules rules) {
        this.cache = cache;
        this.enabled = !rules.isOff();
    }

    @Override
    public String name() {
        return "cache";
    }

    /** Null when no answers are kept. */
    @Override
    public @Nullable Map<String, Object> tell() {
        if (!enabled) {
            return null;
        }
        AnswerCache.Report report = cache.report();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("bytes", report.bytes());
        told.put("max_bytes", report.mostBytes());
        told.put("entries", report.entries());
        told.put("hits", report.hits());
        told.put("shared_hits", report.sharedHits());
        told.put("misses", report.misses());
        told.put("hit_rate", report.hitRate());
        told.put("bypasses", report.bypasses());
        told.put("skips", report.skips());
        told.put("kept", report.kept());
        told.put("too_large", report.tooLarge());
        told.put("unreadable", report.unreadable());
        told.put("evictions", report.evictions());
        told.put("redis", report.shared() == null ? null : redis(report.shared()));
        return told;
    }

    private static Map<String, Object> redis(SharedAnswers.Status status) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("state", status.there() ? "shared" : "away");
        told.put("hits", status.hits());
        told.put("misses", status.misses());
        told.put("late", status.late());
        told.put("corrupt", status.corrupt());
        return told;
    }
}
