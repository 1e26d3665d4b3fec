package dev.mehari.report;

import dev.mehari.store.Database;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The section {@code database} of {@code GET /stats}: what it is, and whether it did what it was last asked. */
@Component
final class DatabaseReport implements ReportPart {
    private final Database database;

    DatabaseReport(Database database) {
        this.database = database;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public Map<String, Object> tell() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("kind", database.isSqlite() ? "sqlite" : "postgresql");
        told.put("up", database.isThere());
        return told;
    }
}
