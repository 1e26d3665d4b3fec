package dev.mehari.keys;

import dev.mehari.access.KeyText;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The issued keys in the database. All methods block on it and throw {@link StoreUnavailable} when it is away.
 * Thread-safe.
 */
public final class KeyStore {
    private final Database database;
    private final InstantSource clock;

    public KeyStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A key and its text, which nobody can find out again. */
    public record Fresh(IssuedKey key, KeyText text) {}

    /** Makes a key. */
    public Fresh create(KeyRules rules) {
        KeyText text = KeyText.random();
        IssuedKey key = new IssuedKey(text.id(), text.secretHash(), null, null, now(), null, rules);
        database.work(sql -> sql.sql("""
                        insert into client_key (id, secret_hash, created_at, name, team, settings)
                            values (:id, :hash, :created, :name, :team, :settings)
                        """)
                .param("id", key.id())
                .param("hash", key.secretHash())
                .param("created", key.created().getEpochSecond())
                .param("name", rules.name())
                .param("team", rules.team())
                .param("settings", Json.text(KeyFields.write(rules)))
                .update());
        return new Fresh(key, text);
    }

    /** One key; null when there is none of that id. */
    public @Nullable IssuedKey find(String id) {
        return database.work(sql -> sql.sql("select * from client_key where id = :id")
                .param("id", id)
                .query((row, number) -> read(row))
                .optional()
                .orElse(null));
    }

    /** All keys, or those of a team, the newest first; those taken back too. */
    public List<IssuedKey> list(@Nullable String team) {
        String where = team == null ? "" : " where team = :team";
        return database.work(sql -> {
            var select = sql.sql("select * from client_key" + where + " order by created_at desc, id");
            return (team == null ? select : select.param("team", team))
                    .query((row, number) -> read(row))
                    .list();
        });
    }

    /** Says something else of a key; null when there is none of that id. */
    public @Nullable IssuedKey change(String id, KeyRules rules) {
        database.work(
                sql -> sql.sql("update client_key set name = :name, team = :team, settings = :settings where id = :id")
                        .param("name", rules.name())
                        .param("team", rules.team())
                        .param("settings", Json.text(KeyFields.write(rules)))
                        .param("id", id)
                        .update());
        return find(id);
    }

    /**
     * Gives a key another secret; the one before it opens for a while longer.
     *
     * @return null when there is no such key, or it was taken back
     */
    public @Nullable Fresh rotate(String id, Duration grace) {
        IssuedKey before = find(id);
        if (before == null || before.revoked() != null) {
            return null;
        }
        KeyText text = new KeyText(id, before.secretHash()).rotated();
        Instant until = now().plus(grace);
        int changed = database.work(sql -> sql.sql("""
                        update client_key set secret_hash = :hash, previous_hash = :previous, previous_until = :until
                            where id = :id and secret_hash = :previous and revoked_at is null
                        """)
                .param("hash", text.secretHash())
                .param("previous", before.secretHash())
                .param("until", until.getEpochSecond())
                .param("id", id)
                .update());
        IssuedKey after = find(id);
        return changed == 0 || after == null ? null : new Fresh(after, text);
    }

    /** Takes a key back for good; null when there is none of that id. */
    public @Nullable IssuedKey revoke(String id) {
        database.work(sql -> sql.sql("update client_key set revoked_at = :now where id = :id and revoked_at is null")
                .param("now", now().getEpochSecond())
                .param("id", id)
                .update());
        return find(id);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static IssuedKey read(ResultSet row) throws SQLException {
        return new IssuedKey(
                row.getString("id"),
                row.getString("secret_hash"),
                row.getString("previous_hash"),
                instant(row, "previous_until"),
                Instant.ofEpochSecond(row.getLong("created_at")),
                instant(row, "revoked_at"),
                KeyFields.stored(row.getString("settings")));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long seconds = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochSecond(seconds);
    }
}
