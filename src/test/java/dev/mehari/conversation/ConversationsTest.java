package dev.mehari.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds of stored responses in either database. */
abstract class ConversationsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private Database database;
    private Conversations conversations;

    /** A {@code DATABASE_URL} of an empty database. */
    abstract String newDatabase();

    @BeforeEach
    void open() {
        database = new Database(DatabaseAddress.of(newDatabase()), Duration.ofSeconds(5));
        conversations = at(NOW);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Conversations at(Instant time) {
        return new Conversations(database, Duration.ofDays(30), Clock.fixed(time, ZoneOffset.UTC));
    }

    private static StoredResponse response(String id, String previous) throws Exception {
        return new StoredResponse(
                id,
                "anna",
                previous,
                NOW,
                null,
                "m",
                List.of(Json.MAPPER.readTree("{\"id\":\"in_" + id + "\",\"role\":\"user\",\"content\":\"hi\"}")),
                Json.MAPPER.readTree("{\"id\":\"" + id + "\",\"output\":[{\"id\":\"out_" + id + "\",\"n\":1.50}]}"));
    }

    @Test
    void whatIsKeptComesBackAsItWas() throws Exception {
        StoredResponse kept = response("r1", null);
        conversations.save(kept);
        assertThat(conversations.find("anna", "r1")).isEqualTo(kept);
    }

    /** The AI SDK refers to the items of a stream right behind its end. */
    @Test
    void whoRefersToAnItemThatIsBeingSavedWaitsForIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Void> saves = new CompletableFuture<>();
        InstantSource time = () -> {
            if (Thread.currentThread().getName().startsWith("keep-")) {
                saves.join();
            } else {
                asked.countDown();
            }
            return NOW;
        };
        ConversationKeeper keeper = new ConversationKeeper(
                new Conversations(database, Duration.ofDays(30), time.withZone(ZoneOffset.UTC)), 1_000_000);
        byte[] request = "{\"input\":\"hi\"}".getBytes(StandardCharsets.UTF_8);
        StoredResponse told = response("r1", null);
        keeper.of("anna", null, JsonObject.of(request), Map.of()).saveLater("r1", Json.bytes(told.response()), null);
        CompletableFuture<Map<String, JsonNode>> items =
                CompletableFuture.supplyAsync(() -> keeper.items("anna", Set.of("out_r1")));
        asked.await();
        saves.complete(null);
        assertThat(items.get(1, TimeUnit.MINUTES)).containsOnlyKeys("out_r1");
    }

    @Test
    void nobodyElseSeesIt() throws Exception {
        conversations.save(response("r1", null));
        assertThat(conversations.find("bert", "r1")).isNull();
        assertThat(conversations.chain("bert", "r1")).isEmpty();
        assertThat(conversations.items("bert", Set.of("in_r1"))).isEmpty();
        assertThat(conversations.delete("bert", "r1")).isFalse();
        assertThat(conversations.find("anna", "r1")).isNotNull();
    }

    @Test
    void whatIsRenewedAfterItWasDeletedStaysDeleted() throws Exception {
        StoredResponse queued = response("r1", null);
        conversations.save(queued);
        JsonNode completed = Json.MAPPER.readTree("{\"id\":\"r1\",\"output\":[{\"id\":\"out_later\"}]}");
        conversations.renew(queued.with(completed));
        assertThat(conversations.find("anna", "r1")).isEqualTo(queued.with(completed));
        assertThat(conversations.items("anna", Set.of("out_later"))).hasSize(1);
        conversations.delete("anna", "r1");
        conversations.renew(queued.with(completed));
        assertThat(conversations.find("anna", "r1")).isNull();
        assertThat(conversations.items("anna", Set.of("out_later", "in_r1"))).isEmpty();
    }

    @Test
    void aConversationIsReadFromItsBeginning() throws Exception {
        conversations.save(response("r1", null));
        conversations.save(response("r2", "r1"));
        conversations.save(response("r3", "r2"));
        assertThat(conversations.chain("anna", "r3"))
                .extracting(StoredResponse::id)
                .containsExactly("r1", "r2", "r3");
        assertThat(conversations.chain("anna", "r2"))
                .extracting(StoredResponse::id)
                .containsExactly("r1", "r2");
    }

    @Test
    void aConversationWithAGapCannotGoOn() throws Exception {
        conversations.save(response("r1", null));
        conversations.save(response("r2", "r1"));
        assertThat(conversations.delete("anna", "r1")).isTrue();
        assertThat(conversations.chain("anna", "r2")).isEmpty();
        assertThat(conversations.find("anna", "r2")).isNotNull();
    }

    @Test
    void itemsAreFoundByIdWhereverTheyStand() throws Exception {
        conversations.save(response("r1", null));
        conversations.save(response("r2", "r1"));
        var items = conversations.items("anna", Set.of("in_r1", "out_r2", "nowhere"));
        assertThat(items).containsOnlyKeys("in_r1", "out_r2");
        assertThat(items.get("out_r2").get("n").asText()).isEqualTo("1.50");
    }

    @Test
    void anItemThatIsSentBackIsKeptOnce() throws Exception {
        conversations.save(response("r1", null));
        JsonNode again = Json.MAPPER.readTree("{\"id\":\"out_r1\"}");
        conversations.save(new StoredResponse(
                "r2", "anna", null, NOW, null, "m", List.of(again), Json.MAPPER.readTree("{\"output\":[]}")));
        assertThat(conversations.items("anna", Set.of("out_r1")).get("out_r1").has("n"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"r1, r2", "r2, r1"})
    void aReferenceIsNeverTakenForItsItem(String first, String second) throws Exception {
        conversations.save(response(first, null));
        JsonNode reference = Json.MAPPER.readTree("{\"type\":\"item_reference\",\"id\":\"out_" + first + "\"}");
        JsonNode answer = response(second, null).response();
        conversations.save(new StoredResponse(second, "anna", null, NOW, null, "m", List.of(reference), answer));
        var items = conversations.items("anna", Set.of("out_r1", "out_r2"));
        assertThat(items).containsOnlyKeys("out_r1", "out_r2");
        assertThat(items.values()).allMatch(item -> item.has("n"));
    }

    @Test
    void whatHasExpiredIsGone() throws Exception {
        conversations.save(response("r1", null));
        Conversations later = at(NOW.plus(Duration.ofDays(31)));
        assertThat(later.find("anna", "r1")).isNull();
        assertThat(later.chain("anna", "r1")).isEmpty();
        later.clean();
        assertThat(conversations.find("anna", "r1")).isNull();
        assertThat(conversations.items("anna", Set.of("in_r1"))).isEmpty();
    }
}
