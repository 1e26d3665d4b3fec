package dev.mehari.store;

import dev.mehari.config.StartupException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, as JDBC wants it. Immutable; its text shows no password.
 *
 * @param url a JDBC URL without credentials of its own, unless the operator wrote it so
 */
public record DatabaseAddress(
        String url, @Nullable String user, @Nullable String password) {

    /**
     * Reads {@code DATABASE_URL}: {@code jdbc:sqlite:…}, {@code jdbc:postgresql:…}, or
     * {@code postgres://user:password@host:port/database?options} as hosting platforms write it.
     *
     * @throws StartupException it is neither
     */
    public static DatabaseAddress of(String url) {
        if (url.startsWith("jdbc:sqlite:") || url.startsWith("jdbc:postgresql:")) {
            return new DatabaseAddress(url, null, null);
        }
        if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
            return postgres(url);
        }
        throw new StartupException(
                "DATABASE_URL names no database that is known",
                "Begin it with postgres://, jdbc:postgresql: or jdbc:sqlite:, or leave it out for a SQLite file.");
    }

    private static DatabaseAddress postgres(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException broken) {
            throw new StartupException(
                    "DATABASE_URL is not a URL (position " + broken.getIndex() + ")",
                    "Write it as postgres://user:password@host:5432/database, and special characters in the password as"
                            + " %XX.");
        }
        if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
            throw new StartupException(
                    "DATABASE_URL lacks a host or a database",
                    "Write it as postgres://user:password@host:5432/database.");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String info = uri.getRawUserInfo();
        int colon = info == null ? -1 : info.indexOf(':');
        return new DatabaseAddress(
                "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
                info == null ? null : decoded(colon < 0 ? info : info.substring(0, colon)),
                info == null || colon < 0 ? null : decoded(info.substring(colon + 1)));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    boolean isSqlite() {
        return url.startsWith("jdbc:sqlite:");
    }

    @Override
    public String toString() {
        return isSqlite() ? url : url.replaceFirst("\\?.*", "");
    }
}
