package dev.mehari.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.PostgresServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConversationsInPostgresTest extends ConversationsTest {
    private static PostgresServer postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start();
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Override
    String newDatabase() {
        return postgres.newDatabase();
    }

    @Test
    void twoGatewaysSeeTheSameConversations() throws Exception {
        String url = newDatabase();
        try (Database here = new Database(DatabaseAddress.of(url), Duration.ofSeconds(5));
                Database there = new Database(DatabaseAddress.of(url), Duration.ofSeconds(5))) {
            Conversations first = new Conversations(here, Duration.ofDays(1), Clock.systemUTC());
            Conversations second = new Conversations(there, Duration.ofDays(1), Clock.systemUTC());
            first.save(new StoredResponse(
                    "r1",
                    "anna",
                    null,
                    Clock.systemUTC().instant(),
                    null,
                    "m",
                    List.of(),
                    Json.MAPPER.readTree("{\"id\":\"r1\",\"output\":[]}")));
            assertThat(second.find("anna", "r1")).isNotNull();
        }
    }

    @Test
    void whileTheServerIsDownCallersAreToldSoAndItsReturnIsNoticed() {
        try (Database database = new Database(DatabaseAddress.of(newDatabase()), Duration.ofSeconds(5))) {
            Conversations conversations = new Conversations(database, Duration.ofDays(1), Clock.systemUTC());
            conversations.requireStore();
            postgres.kill();
            assertThatThrownBy(() -> conversations.find("anna", "r1")).isInstanceOf(StoreUnavailable.class);
            postgres.restart();
            Eventually.holds(Duration.ofSeconds(30), "the database is used again", () -> answers(conversations));
        }
    }

    private static boolean answers(Conversations conversations) {
        try {
            conversations.requireStore();
            return true;
        } catch (StoreUnavailable notYet) {
            return false;
        }
    }
}
