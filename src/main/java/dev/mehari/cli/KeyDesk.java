package dev.mehari.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands out keys for the command line. */
public interface KeyDesk extends AutoCloseable {
    /** Opens it: reads the settings as the gateway would, with the same arguments. */
    interface Opening {
        KeyDesk open(String... properties);
    }

    /**
     * A key with its text, which is shown this once.
     *
     * @param key the text
     */
    record Issued(String id, String key) {}

    /** One line of a list. */
    record Listed(
            String id,
            @Nullable String name,
            @Nullable String team,
            String state,
            String limits,
            @Nullable String expires) {}

    /**
     * Makes a key.
     *
     * @param fields by the names that the admin API has for them
     * @throws IllegalArgumentException naming what is wrong with them
     */
    Issued create(Map<String, Object> fields);

    /** @param team null: all keys */
    List<Listed> list(@Nullable String team);

    /**
     * Gives a key another secret.
     *
     * @param grace how long the one before it opens; null: as the settings say
     * @throws IllegalArgumentException there is no such key, or it was taken back
     */
    Issued rotate(String id, @Nullable Duration grace);

    /** @throws IllegalArgumentException there is no such key */
    void revoke(String id);

    @Override
    void close();
}
