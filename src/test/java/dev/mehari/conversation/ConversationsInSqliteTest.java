package dev.mehari.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationsInSqliteTest extends ConversationsTest {
    @TempDir
    private Path folder;

    @Override
    String newDatabase() {
        return "jdbc:sqlite:" + folder.resolve("new/mehari.db");
    }

    @Test
    void aDatabaseThatCannotBeOpenedIsToldAtOnceAndTriedAgain() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (Database broken =
                new Database(DatabaseAddress.of("jdbc:sqlite:" + file.resolve("mehari.db")), Duration.ofSeconds(1))) {
            Conversations none = new Conversations(broken, Duration.ofDays(1), Clock.systemUTC());
            assertThatThrownBy(none::requireStore).isInstanceOf(StoreUnavailable.class);
            long before = System.nanoTime();
            assertThatThrownBy(none::requireStore).isInstanceOf(StoreUnavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(200));
        }
    }
}
