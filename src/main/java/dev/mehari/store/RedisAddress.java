package dev.mehari.store;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.StartupException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is. Immutable; its text form holds no password.
 *
 * @param tls whether the connection is encrypted, and the server's certificate and name are checked
 * @param user null for Redis' default user
 * @param database by number, 0 unless another is named
 */
record RedisAddress(
        boolean tls,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        int database) {
    private static final int DEFAULT_PORT = 6379;

    /**
     * Reads {@code redis://[user:password@]host[:port][/database]}, or the same with {@code rediss://} for TLS. User and
     * password are percent-encoded where they hold what an address cannot.
     *
     * @throws StartupException it is none; the message repeats nothing of it that may be a password
     */
    static RedisAddress of(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme());
            require(scheme.equals("redis") || scheme.equals("rediss"), "does not begin with redis:// or rediss://");
            require(uri.getHost() != null, "names no host");
            require(uri.getPort() <= 65_535, "has a port above 65535");
            require(
                    uri.getRawQuery() == null && uri.getRawFragment() == null,
                    "has more than a database behind its host");
            String[] credentials = credentials(uri.getRawUserInfo());
            return new RedisAddress(
                    scheme.equals("rediss"),
                    unbracketed(uri.getHost()),
                    uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                    MehariSettings.isBlank(credentials[0]) ? null : credentials[0],
                    MehariSettings.isBlank(credentials[1]) ? null : credentials[1],
                    database(uri.getPath()));
        } catch (URISyntaxException malformed) {
            throw wrong("is not a URL: " + malformed.getReason());
        }
    }

    /** User and password, each empty when it is not there. */
    private static String[] credentials(@Nullable String info) {
        if (info == null) {
            return new String[] {"", ""};
        }
        int colon = info.indexOf(':');
        require(colon >= 0, "has a user without a password; a password alone is written :password@");
        return new String[] {decoded(info.substring(0, colon)), decoded(info.substring(colon + 1))};
    }

    private static String decoded(String encoded) {
        // URLDecoder is made for forms, where + is a space.
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int database(@Nullable String path) {
        if (path == null || path.length() < 2) {
            return 0;
        }
        try {
            int database = Integer.parseInt(path.substring(1));
            require(database >= 0, "has a negative database");
            return database;
        } catch (NumberFormatException other) {
            throw wrong("has a database that is no number");
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw wrong(otherwise);
        }
    }

    private static StartupException wrong(String how) {
        return new StartupException(
                "REDIS_URL (mehari.redis.url) " + how,
                "Write redis://[user:password@]host[:port][/database], or rediss:// for TLS; leave it out to share nothing.");
    }

    @Override
    public String toString() {
        return (tls ? "rediss://" : "redis://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port
                + (database == 0 ? "" : "/" + database);
    }
}
