package dev.mehari.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.store.Database;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The responses kept for clients, each visible only to who made it. All methods block on the database and throw
 * {@link StoreUnavailable} when it is away. Thread-safe.
 */
public final class Conversations {
    private static final Logger log = LoggerFactory.getLogger(Conversations.class);

    /** A conversation of more turns is no conversation; a loop, which no client can make, ends here too. */
    private static final int MOST_TURNS = 1000;

    /** Providers choose ids as they like; what is longer finds no place in an index. */
    private static final int LONGEST_ID = 1000;

    /** Of items in one statement: SQLite takes some 32,000 parameters. */
    private static final int MOST_AT_ONCE = 500;

    private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(10);

    private static final String CHAIN = """
            with recursive chain (id, previous_id, turn) as (
                select id, previous_id, 0 from conversation_response
                    where id = :id and owner = :owner and expires_at > :now
                union all
                select r.id, r.previous_id, chain.turn + 1 from conversation_response r
                    join chain on r.id = chain.previous_id
                    where r.owner = :owner and chain.turn < :most
            )
            select r.* from chain join conversation_response r on r.id = chain.id order by chain.turn desc""";

    private static final String SAVE = """
            insert into conversation_response
                (id, owner, previous_id, created_at, expires_at, provider, model, input, response)
                values (:id, :owner, :previous, :created, :expires, :provider, :model, :input, :response)
            on conflict (id) do update set
                previous_id = excluded.previous_id, created_at = excluded.created_at,
                expires_at = excluded.expires_at, provider = excluded.provider, model = excluded.model,
                input = excluded.input, response = excluded.response
                where conversation_response.owner = excluded.owner
            """;

    private static final String RENEW =
            "update conversation_response set response = :response where id = :id and owner = :owner";

    private final Database database;
    private final Duration keep;
    private final Clock clock;
    private final AtomicLong nextCleaning = new AtomicLong();

    /** @param keep how long a response is kept */
    public Conversations(Database database, Duration keep, Clock clock) {
        this.database = database;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * Keeps a response, in the place of one that had its id. An id of somebody else's stays with them: hosts that give the
     * same ids again must not make one client's response another's.
     *
     * @return whether it is kept
     */
    public boolean save(StoredResponse stored) {
        // By our own clock: what a provider dates from its own must not expire before its time.
        Instant expires = clock.instant().plus(keep);
        boolean kept = database.work(sql -> {
            int rows = sql.sql(SAVE)
                    .param("id", stored.id())
                    .param("owner", stored.owner())
                    .param("previous", stored.previousId())
                    .param("created", stored.created().getEpochSecond())
                    .param("expires", expires.getEpochSecond())
                    .param("provider", stored.provider())
                    .param("model", stored.model())
                    .param("input", Json.text(Json.MAPPER.valueToTree(stored.input())))
                    .param("response", Json.text(stored.response()))
                    .update();
            if (rows > 0) {
                saveItems(sql, stored);
            }
            return rows > 0;
        });
        cleanNowAndThen();
        return kept;
    }

    /** Keeps how a response stands now, if it is still kept: who deleted it meanwhile does not want it back. */
    void renew(StoredResponse stored) {
        database.work(sql -> {
            int rows = sql.sql(RENEW)
                    .param("id", stored.id())
                    .param("owner", stored.owner())
                    .param("response", Json.text(stored.response()))
                    .update();
            if (rows > 0) {
                saveItems(sql, stored);
            }
            return rows;
        });
    }

    /**
     * An item that is sent back comes again with a later response; it stays where it was first. All in one statement: an
     * agent sends dozens of them, and the answer waits.
     */
    private static void saveItems(JdbcClient sql, StoredResponse stored) {
        List<String> ids = new ArrayList<>();
        for (JsonNode item : stored.items()) {
            String id = item.path("id").asText();
            if (item.path("id").isTextual() && mayBeId(id)) {
                ids.add(id);
            }
        }
        for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_AT_ONCE));
            List<Object> values = new ArrayList<>(3 * some.size());
            some.forEach(id -> values.addAll(List.of(stored.owner(), id, stored.id())));
            sql.sql("insert into conversation_item (owner, id, response_id) values (?, ?, ?)"
                            + ", (?, ?, ?)".repeat(some.size() - 1) + " on conflict do nothing")
                    .params(values)
                    .update();
        }
    }

    /**
     * Who has a response besides us.
     *
     * @param provider as {@link StoredResponse#provider}
     */
    public record Place(@Nullable String provider) {}

    /** Where a response is, without reading it; null when there is none of that id, or it is another's. */
    public @Nullable Place place(String owner, String id) {
        if (!mayBeId(id)) {
            return null;
        }
        return database.work(sql -> sql.sql("select provider from conversation_response"
                        + " where id = :id and owner = :owner and expires_at > :now")
                .param("id", id)
                .param("owner", owner)
                .param("now", now())
                .query((row, number) -> new Place(row.getString("provider")))
                .optional()
                .orElse(null));
    }

    /** One response; null when there is none of that id, or it is another's. */
    public @Nullable StoredResponse find(String owner, String id) {
        if (!mayBeId(id)) {
            return null;
        }
        return database.work(sql -> sql.sql("select * from conversation_response"
                        + " where id = :id and owner = :owner and expires_at > :now")
                .param("id", id)
                .param("owner", owner)
                .param("now", now())
                .query((row, number) -> read(row))
                .optional()
                .orElse(null));
    }

    /** A response and all it went on from, oldest first; empty when one of them is missing. */
    public List<StoredResponse> chain(String owner, String id) {
        if (!mayBeId(id)) {
            return List.of();
        }
        List<StoredResponse> chain = database.work(sql -> sql.sql(CHAIN)
                .param("id", id)
                .param("owner", owner)
                .param("now", now())
                .param("most", MOST_TURNS)
                .query((row, number) -> read(row))
                .list());
        boolean whole = !chain.isEmpty() && chain.getFirst().previousId() == null;
        return whole ? chain : List.of();
    }

    /** The items of these ids that are kept for that owner. */
    public Map<String, JsonNode> items(String owner, Collection<String> ids) {
        Map<String, JsonNode> items = new HashMap<>();
        List<String> possible = ids.stream().filter(Conversations::mayBeId).toList();
        if (possible.isEmpty()) {
            return items;
        }
        List<StoredResponse> holding = database.work(sql -> sql.sql("select distinct r.* from conversation_item i"
                        + " join conversation_response r on r.id = i.response_id"
                        + " where i.owner = :owner and i.id in (:ids) and r.expires_at > :now")
                .param("owner", owner)
                .param("ids", possible)
                .param("now", now())
                .query((row, number) -> read(row))
                .list());
        for (StoredResponse response : holding) {
            for (JsonNode item : response.items()) {
                if (ids.contains(item.path("id").asText()) && !InputItems.isReference(item)) {
                    items.put(item.path("id").asText(), item);
                }
            }
        }
        return items;
    }

    /** Forgets a response; tells whether there was one. What went on from it cannot go on any more. */
    public boolean delete(String owner, String id) {
        return mayBeId(id)
                && database.work(sql -> {
                            sql.sql("delete from conversation_item where owner = :owner and response_id = :id")
                                    .param("owner", owner)
                                    .param("id", id)
                                    .update();
                            return sql.sql("delete from conversation_response where id = :id and owner = :owner")
                                    .param("id", id)
                                    .param("owner", owner)
                                    .update();
                        })
                        > 0;
    }

    /** Whether the database answers: asked before work that would be lost without it. */
    public void requireStore() {
        database.require();
    }

    private void cleanNowAndThen() {
        long due = nextCleaning.get();
        if (clock.millis() >= due && nextCleaning.compareAndSet(due, clock.millis() + BETWEEN_CLEANINGS.toMillis())) {
            Thread.ofVirtual().name("conversation-expiry").start(this::clean);
        }
    }

    /** Forgets what has expired. */
    void clean() {
        try {
            int gone = database.work(sql -> {
                sql.sql("delete from conversation_item where response_id in"
                                + " (select id from conversation_response where expires_at <= :now)")
                        .param("now", now())
                        .update();
                return sql.sql("delete from conversation_response where expires_at <= :now")
                        .param("now", now())
                        .update();
            });
            log.debug("{} expired responses forgotten", gone);
        } catch (StoreUnavailable away) {
            log.debug("expired responses stay until the database is back");
        }
    }

    /** Clients send anything as an id; the database need not be asked for what nobody can have made. */
    private static boolean mayBeId(String id) {
        return id.length() <= LONGEST_ID && id.chars().noneMatch(Character::isISOControl);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static StoredResponse read(ResultSet row) throws SQLException {
        List<JsonNode> input = new ArrayList<>();
        json(row.getString("input")).forEach(input::add);
        return new StoredResponse(
                row.getString("id"),
                row.getString("owner"),
                row.getString("previous_id"),
                Instant.ofEpochSecond(row.getLong("created_at")),
                row.getString("provider"),
                row.getString("model"),
                input,
                json(row.getString("response")));
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
