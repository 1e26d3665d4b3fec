package dev.mehari.usage.log;

import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.usage.ModelNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** A request log without a gateway. */
record LogPlace(String url, Database database, RequestLogWriter writer) implements AutoCloseable {
    static LogPlace at(Path folder, int queue) {
        return at("jdbc:sqlite:" + folder.resolve("log.db"), queue);
    }

    static LogPlace at(String url, int queue) {
        Database database = new Database(DatabaseAddress.of(url), Duration.ofSeconds(2));
        RequestLogSettings settings =
                new RequestLogSettings(true, queue, Duration.ofDays(30), 5_000_000, DataSize.ofGigabytes(10));
        return new LogPlace(
                url,
                database,
                new RequestLogWriter(database, settings, "test", null, new ModelNames(Set.of("gpt-4o"), 10)));
    }

    @Override
    public void close() {
        writer.close();
        database.close();
    }
}
